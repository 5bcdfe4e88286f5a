"""Tables that leave the page: numbers in columns of their own, and what the contract over all modes refuses."""

from pathlib import Path

import pytest

from tests.exports import Table
from tests.node import call


def test_a_number_its_error_and_its_unit_have_a_column_each():
    figures = [
        ["kept", "72.8 ± 1.1 %", ""],
        ["length", "1,564.7", "nats"],
        ["gap", "−0.05", "bits"],
        ["tiny", "1.2 · 10⁻³ ± 0.1", ""],
        ["seen", "11 of 20", ""],
        ["unknown", "–", ""],
    ]
    head, *rows = call("kit/export/csv.js", "tableOfFigures", figures)
    assert head == ["figure", "value", "standard error", "unit", "text"]
    assert [row[1:] for row in rows] == [
        ["72.8", "1.1", "%", ""],
        ["1564.7", "", "nats", ""],
        ["-0.05", "", "bits", ""],
        ["1.2e-3", "0.1", "", ""],
        ["", "", "", "11 of 20"],
        ["", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a,'-log p\n1,2\n", "begins with a sign"),
        ("a,a\n1,2\n", "a name twice"),
        ("a,b\n1,2\n2,72.8 ± 1.1 %\n", "numbers and words"),
        ("a,b\n1,72.8 ± 1.1 %\n", "more in one cell"),
        ("a,b\n1,9 %\n", "more in one cell"),
        ("a,b\n1,2 latents\n", "more in one cell"),
    ],
)
def test_a_table_that_no_program_reads_is_found(tmp_path: Path, text: str, fault: str):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert any(fault in found for found in Table.read(path).faults())


def test_a_table_that_programs_read_has_no_fault(tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text('figure,value,unit\nkept,72.8,%\n"of all, seen",1e-7,\n', encoding="utf-8")
    assert not Table.read(path).faults()
