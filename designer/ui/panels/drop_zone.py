"""Drop or choose a file. The browser streams it to the upload route; its content does not pass through events."""

import json
from typing import Any

import reflex as rx

from designer.reading.file import suffixes
from designer.ui.http.upload import NAME_HEADER, UPLOAD_PATH

_INPUT, _BAR = "dataset-file", "upload-bar"
_ACCEPTED = ",".join(suffixes())
_SEND = """
(async () => {
  const send = (file) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", %(path)s);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader(%(header)s, encodeURIComponent(file.name));
    request.upload.onprogress = (event) => {
      const bar = document.getElementById(%(bar)s);
      if (bar && event.lengthComputable) bar.style.width = `${(100 * event.loaded) / event.total}%%`;
    };
    request.onerror = () => resolve({ message: "The file did not arrive: the connection was cut. Try again." });
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
      if (request.status === 200) return resolve(answer);
      if (request.status === 413) return resolve({ message: "The file is larger than this computer accepts." });
      const error = answer.error ?? { message: `The file was refused (${request.status}).` };
      resolve({ message: [error.message, error.hint].filter(Boolean).join(" ") });
    };
    request.send(file);
  });
  const input = document.getElementById(%(input)s);
  const files = [...(input?.files ?? [])];
  if (!files.length) return %(many)s ? [] : { message: "No file was chosen." };
  const answers = [];
  for (const file of files) answers.push(await send(file));
  input.value = "";
  return %(many)s ? answers : answers[0];
})()
"""


def file_input(
    on_begin: Any, on_end: Any, busy: Any, accepted: str = _ACCEPTED, path: str = UPLOAD_PATH, name: str = _INPUT,
    *, takes_many: bool = False,
) -> rx.Component:  # fmt: skip
    """The bare file input; laid invisibly over a target, it accepts dropped files. `path` is where it sends them.

    With `takes_many`, `on_end` receives a list of answers, one for each file.
    """
    names = {"input": name, "path": path, "header": NAME_HEADER, "bar": _BAR, "many": takes_many}
    send = _SEND % {name: json.dumps(value) for name, value in names.items()}
    return rx.el.input(
        type="file",
        id=name,
        accept=accepted,
        aria_label="Choose a file",
        on_change=[on_begin, rx.call_script(send, callback=on_end)],
        disabled=busy != "",
        multiple=takes_many,
    )


def drop_zone(on_begin: Any, on_end: Any, busy: Any, problem: Any) -> rx.Component:
    """A large drop target. `on_end` receives the upload's id, or a message that explains the failure."""
    return rx.el.div(
        rx.el.label(
            rx.icon("upload", size=24, stroke_width=1.75, aria_hidden="true"),
            rx.el.span(rx.cond(busy != "", busy, "Drop a file here, or choose one"), class_name="h2", role="status"),
            rx.el.span("CSV, TSV, Excel, JSON lines or Parquet. Nothing leaves this computer.", class_name="t2"),
            rx.el.span("Choose file", class_name="btn p", aria_hidden="true"),
            file_input(on_begin, on_end, busy),
            html_for=_INPUT,
            class_name="dz",
        ),
        rx.cond(busy != "", rx.el.div(rx.el.i(id=_BAR, style={"width": "0"}), class_name="pbar")),
        rx.cond(
            problem != "",
            rx.el.div(
                rx.icon("circle-x", size=14, stroke_width=2, aria_hidden="true"),
                problem,
                class_name="note bad",
                role="alert",
            ),
        ),
        class_name="dropzone",
    )
