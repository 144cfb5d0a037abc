"""docs/notebook.ipynb: its cells run on the demo's archive, and print what stands under them."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from browsing import demo_archive

NOTEBOOK = Path(__file__).parent.parent / "docs" / "notebook.ipynb"
CELLS: list[dict[str, Any]] = [
    cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def printed(cell: dict[str, Any]) -> str:
    """Return what the notebook says that a cell prints."""
    return "".join(line for each in cell["outputs"] if each["output_type"] == "stream" for line in each["text"])


def test_each_cell_prints_what_stands_under_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's clock runs while it harvests: seconds do not count."""
    demo_archive(tmp_path)
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {}
    outputs = []

    for cell in CELLS:
        with redirect_stdout(io.StringIO()) as output:
            exec("".join(cell["source"]), space)
        outputs.append(re.sub(r":\d\dZ", ":00Z", output.getvalue()))
    space["db"].close()

    assert outputs == [printed(cell) for cell in CELLS]
    assert len(CELLS) > 4


def test_the_drawing_is_in_the_notebook() -> None:
    html = CELLS[-1]["outputs"][0]["data"]["text/html"]

    assert "<title>ORK/USD: 0.10850 to 0.10811, lowest 0.10811, highest 0.10899</title>" in "".join(html)
