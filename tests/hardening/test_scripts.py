"""Users' scripts and queries: whatever they do, they end, are reported accurately, and affect nothing else."""

from __future__ import annotations

import re

import pytest

from designer.pipeline.graph import Edge, Node, Pipeline
from tests.hardening.conftest import Laboratory

HEAD = "import pandas as pd\ndef azureml_main(dataframe1=None, dataframe2=None):\n"

SCRIPTS: dict[str, tuple[str, str]] = {
    "Y01": ("def azureml_main(dataframe1=None, dataframe2=None:\n    pass\n", "failed: .*(line 1|syntax)"),
    "Y03": ("def other():\n    pass\n", "failed: .*azureml_main"),
    "Y03 number": ("azureml_main = 3\n", "failed: .*azureml_main"),
    "Y04": (HEAD + "    return 5\n", "failed: "),
    "Y04 generator": (HEAD + "    yield dataframe1\n", "failed: "),
    "Y05": (HEAD + "    return pd.DataFrame([[1, 2]], columns=['a', 'a']),\n", "failed: .*'a'"),
    "Y06": (HEAD + "    return pd.DataFrame({'a': [lambda: 1]}),\n", "failed: .*'a'"),
    "Y07": (HEAD + "    while True: pass\n", "timed out: "),
    "Y09": (HEAD + "    x = bytearray(100 * 2**30)\n    return dataframe1,\n", "failed: |out of memory: "),
    "Y10": (
        HEAD + "    import sys\n    sys.setrecursionlimit(10**9)\n    def f(n): return f(n + 1)\n    f(0)\n",
        "failed: |crashed: |out of memory: |timed out: ",
    ),
    "Y11": (HEAD + "    import ctypes\n    ctypes.string_at(0)\n", "crashed: .*SIGSEGV"),
    "Y12": (HEAD + "    import os\n    os._exit(0)\n", "ended early: "),
    "Y12 exit": (HEAD + "    import sys\n    sys.exit()\n", "failed: |ended early: "),
    "Y12 abort": (HEAD + "    import os\n    os.abort()\n", "crashed: .*SIGABRT"),
    "Y13": (  # processes left by a script are killed with it
        HEAD + "    from subprocess import Popen\n    Popen('sleep 9', shell=True, start_new_session=True)\n"
        "    return dataframe1\n",
        "accepted: 2",
    ),
    "Y14": (HEAD + "    for _ in range(3000): print('x' * 10_000)\n    return dataframe1,\n", "accepted: "),
    "Y15": (HEAD + "    kept = [open('/dev/null') for _ in range(10**6)]\n", "failed: .*Too many open files"),
    "Y15 small files": (  # written to the node's own folder, which is deleted with it
        HEAD + "    for n in range(3000): open(f'{n}.txt', 'w').close()\n    return dataframe1\n", "accepted: 2"),
    "Y17": (HEAD + "    import os\n    return pd.DataFrame({'k': sorted(os.environ)}),\n", "accepted: "),
    "Y20": (HEAD + "    dataframe1['x'] = 0\n    return dataframe1,\n", "accepted: 2"),
    "Y22": (HEAD + "    x = '" + "a" * 1_000_000 + "'\n    return dataframe1\n", "accepted: 2"),
    "Y23": (HEAD + "    import random\n    return pd.DataFrame({'r': [random.random()]})\n", "accepted: 1"),
    "Y24": (
        HEAD + "    class E(Exception):\n        def __str__(self): raise ValueError\n    raise E\n",
        "failed: ",
    ),
}  # fmt: skip

QUERIES: dict[str, tuple[str, str]] = {
    "Q01": ("", "failed: "),
    "Q01 comment": ("-- nothing", "failed: "),
    "Q02": ("select nothing from t1", "failed: .*nothing"),
    "Q02 syntax": ("selec x from t1", "failed: .*selec"),
    "Q03": ("select 1 as a; select 2 as b", "accepted: 1"),
    "Q04": ("delete from t1", "failed: "),
    "Q04 drop": ("drop table t1", "failed: "),
    "Q05": ("begin exclusive", "failed: "),
    "Q06": ("attach '/tmp/canary.db' as other", "failed: "),
    "Q07": ("vacuum into '/tmp/canary.db'", "failed: "),
    "Q08": ("pragma journal_mode", "failed: |accepted: 1"),
    "Q09": ("select load_extension('x')", "failed: "),
    "Q10": (
        "with recursive c(n) as (select 1 union all select n + 1 from c) select * from c",
        "(failed|timed out|out of memory): ",
    ),
    "Q12": ("select printf('%.*c', 900000000, 'x') as p", "(failed|timed out|out of memory|crashed): |accepted: 1"),
    "Q13": ("select zeroblob(1000000000) as z", "(failed|timed out|out of memory): "),
    "Q14": ("select " + "(" * 2000 + "1" + ")" * 2000 + " as x", "failed: "),
    "Q15": ("select " + ", ".join(f"1 as c{n}" for n in range(5000)), "failed: |accepted: "),
    "Q16": ("select x, x, 1 from t1", "failed: |accepted: 2"),
    "Q18": ("select name from sqlite_master", "accepted: 1"),
    "Q20": ("select row_number() over (order by x) as n from t1", "accepted: 2"),
}


def after_table(module: str, **parameters: str) -> Pipeline:
    """A table of two rows, connected to a step."""
    nodes = {
        "data": Node("data", "enter-data-manually", 2, {"data": "x,y\n1,a\n2,b\n"}),
        "step": Node("step", module, 1, parameters),
    }
    port = "dataset1" if module == "execute-python-script" else "t1"
    return Pipeline("row", nodes=nodes, edges=(Edge("data", "dataset", "step", port),))


@pytest.mark.parametrize("row", SCRIPTS)
def test_a_script_ends_and_harms_nothing(laboratory: Laboratory, row: str) -> None:
    script, right = SCRIPTS[row]
    pipeline = after_table("execute-python-script", script=script)
    answer = laboratory.try_row(lambda: laboratory.answer_of(pipeline, "step"))
    assert re.match(right, answer), answer


@pytest.mark.parametrize("row", QUERIES)
def test_a_query_ends_and_harms_nothing(laboratory: Laboratory, row: str) -> None:
    query, right = QUERIES[row]
    pipeline = after_table("apply-sql-transformation", query=query)
    answer = laboratory.try_row(lambda: laboratory.answer_of(pipeline, "step"))
    assert re.match(right, answer), answer
