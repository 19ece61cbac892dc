"""The built page connects to its own address, whatever host and port it was built with."""

from pathlib import Path

import pytest

from designer.ui.http.origin import SameOrigin

CHUNK = (
    'var e={PING:"http://localhost:8000/ping",EVENT:`ws://localhost:8000/_event`,'
    "HEALTH:'https://127.0.0.1/_health',TRANSPORT:`websocket`,DOCS:`https://reactjs.org/x`};export{e as t};"
)


def chunk_in(folder: Path, name: str, text: str) -> Path:
    (folder / "assets").mkdir(exist_ok=True)
    file = folder / "assets" / name
    file.write_text(text)
    return file


def test_addresses_are_computed_from_the_location(tmp_path: Path) -> None:
    file = chunk_in(tmp_path, "reflex-env-abc.js", CHUNK)
    SameOrigin().post_build(static_dir=tmp_path)
    text = file.read_text()
    assert 'PING:(location.origin+"/ping")' in text
    assert 'EVENT:(location.origin.replace(/^http/,"ws")+`/_event`)' in text
    assert "HEALTH:(location.origin+'/_health')" in text
    assert "localhost" not in text


def test_other_addresses_and_words_stay(tmp_path: Path) -> None:
    file = chunk_in(tmp_path, "reflex-env-abc.js", CHUNK)
    SameOrigin().post_build(static_dir=tmp_path)
    assert "TRANSPORT:`websocket`,DOCS:`https://reactjs.org/x`" in file.read_text()


def test_a_chunk_without_an_address_is_an_error(tmp_path: Path) -> None:
    chunk_in(tmp_path, "reflex-env-abc.js", "export{}")
    with pytest.raises(RuntimeError, match="holds no backend address"):
        SameOrigin().post_build(static_dir=tmp_path)


@pytest.mark.parametrize("names", [[], ["reflex-env-a.js", "reflex-env-b.js"]])
def test_none_or_two_chunks_are_an_error(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        chunk_in(tmp_path, name, CHUNK)
    with pytest.raises(RuntimeError, match="expected one reflex-env chunk"):
        SameOrigin().post_build(static_dir=tmp_path)
