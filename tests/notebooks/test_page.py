"""The page of an executed notebook: all that came out, marked where it failed, and nothing that loads or runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from grader.intake.notebooks import Cell
from grader.notebooks.execute import CellRun, CellState
from grader.notebooks.merge import Merged, MergedCell, Origin
from grader.notebooks.page import executed_document, notebook_page, summary
from tests.notebooks.build import code, stdout
from tests.reporting.pagecheck import parse

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><img src='https://e.org/x.png'>"
    "<a href='javascript:alert(1)'>a</a><iframe src='//e.org'></iframe><style>@import 'https://e.org/x.css'</style>"
    "<svg onload=alert(1)><use href='https://e.org'/></svg></section></main><form action='https://e.org'><input>"
)


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note the tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        """Note the text."""
        self.words += data


def page(*pairs: tuple[Cell, CellRun], title: str = "CNN.ipynb", remarks: tuple[str, ...] = ()) -> str:
    """Return the page of cells and what became of them."""
    merged = Merged(tuple(MergedCell(cell, Origin.GIVEN) for cell, _run in pairs))
    return notebook_page(title, merged, [run for _cell, run in pairs], remarks)


def rich(**data: str) -> CellRun:
    """Return a run that displayed something."""
    kinds = {key.replace("_", "/"): value for key, value in data.items()}
    return CellRun(CellState.RAN, ({"output_type": "display_data", "data": kinds, "metadata": {}},))


def test_everything_that_came_out_is_on_the_page():
    """Sources, printed text, values, tables, pictures and tracebacks are shown."""
    error = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "bad",
        "traceback": ["this notebook, line 1", "ValueError: bad"],
    }
    text = page(
        (Cell("markdown", "# A *title*"), CellRun(CellState.TEXT)),
        (code("print('hello')"), CellRun(CellState.RAN, (stdout("hello\n"),))),
        (code("table"), rich(text_html="<table><tr><td>cell</td></tr></table>", text_plain="no")),
        (code("plot"), rich(image_png=PIXEL, text_plain="<Figure>")),
        (code("fail"), CellRun(CellState.FAILED, (error,), "This cell failed.")),
        (code("slow"), CellRun(CellState.SKIPPED, (), "This cell was not run here.")),
        remarks=("The file was cut off.",),
    )
    seen = Page(text)
    for words in (
        "title",
        "hello",
        "cell",
        "ValueError: bad",
        "This cell failed.",
        "not run here",
        "cut off",
    ):
        assert words in seen.words
    assert ("img", "src", f"data:image/png;base64,{PIXEL}") in seen.attributes
    assert ("img", "alt", "Figure drawn by cell 4") in seen.attributes
    assert "2 ran" not in seen.words
    assert "3 ran, 1 failed, 1 skipped" in seen.words


def test_nothing_on_the_page_loads_or_runs():
    """Hostile markup in every place it can be put leaves no script, handler, form or address outside."""
    error = {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE]}
    text = page(
        (
            Cell("markdown", HOSTILE + "\n\n![p](https://e.org/p.png) [l](https://e.org) ![q](images/q.png)"),
            CellRun(CellState.TEXT),
        ),
        (Cell("raw", HOSTILE), CellRun(CellState.TEXT)),
        (code(f"'''{HOSTILE}'''"), CellRun(CellState.FAILED, (stdout(HOSTILE), error), HOSTILE)),
        (code("x"), rich(text_html=HOSTILE, text_plain=HOSTILE, text_markdown=HOSTILE, text_latex=HOSTILE)),
        (code("y"), rich(text_markdown=HOSTILE)),
        (code("z"), rich(text_latex=HOSTILE)),
        title=HOSTILE,
        remarks=(HOSTILE,),
    )
    seen = Page(text)
    assert not {"script", "iframe", "form", "input", "svg", "link", "object", "base", "use"} & set(seen.tags)
    assert seen.tags.count("style") == seen.tags.count("main") == 1
    assert not [
        each for each in seen.attributes if each[1].startswith("on") or each[1] in {"action", "style"}
    ]
    # The only links are those to the cells that did not work.
    assert {value for _tag, name, value in seen.attributes if name == "href"} == {"#cell-3"}
    assert all(value.startswith("data:image/") for _tag, name, value in seen.attributes if name == "src")
    assert not re.search(r"url\(|@import", text[text.index("<style>") : text.index("</style>")])


def test_cells_are_found_by_name_and_headings_in_order():
    """Each cell of code is a group with a visible name; cells that failed are linked; there is one first heading."""
    text = page(
        (Cell("markdown", "# One\n\n## Two"), CellRun(CellState.TEXT)),
        (code("1"), CellRun(CellState.RAN)),
        (code("2"), CellRun(CellState.FAILED, (), "This cell failed.")),
        (code("3"), CellRun(CellState.STOPPED, (), "This cell was stopped.")),
    )
    seen = Page(text)
    assert [each for each in seen.tags if each in {"h1", "h2", "h3"}] == ["h1", "h2", "h3"]
    for number in (2, 3, 4):
        assert ("section", "aria-labelledby", f"name-{number}") in seen.attributes
        assert f'id="name-{number}">Cell {number}, given</p>' in text
    assert [value for _tag, name, value in seen.attributes if name == "href"] == ["#cell-3", "#cell-4"]
    assert ("html", "lang", "en") in seen.attributes


def test_every_tag_is_closed_and_every_name_is_one():
    """A strict reader takes the page, whatever was displayed; no two elements share a name, and pictures have words."""
    loose = "</section></main></div><div id=name-1><td>loose<p>open<b>bold"
    text = page(
        (Cell("markdown", loose), CellRun(CellState.TEXT)),
        (code("x"), rich(text_html=loose)),
        (code("y"), rich(image_png=PIXEL)),
        (code("z"), CellRun(CellState.FAILED, (stdout(loose),), "This cell failed.")),
        (code("a" * 1000), CellRun(CellState.RAN)),
    )
    found = parse(text)
    names = [each.attributes["id"] for each in found.elements if "id" in each.attributes]
    assert len(names) == len(set(names)) >= 8
    assert all(each.attributes.get("alt") for each in found.all("img"))
    assert {each.attributes["aria-labelledby"] for each in found.all("section")} <= set(names)


def test_the_executed_notebook_is_valid():
    """The document nbconvert gets is valid nbformat."""
    import nbformat  # noqa: PLC0415

    merged = Merged((MergedCell(Cell("markdown", "t"), Origin.GIVEN), MergedCell(code("1"), Origin.OWN)))
    nbformat.validate(
        executed_document(merged, (CellRun(CellState.TEXT), CellRun(CellState.RAN, (stdout("1"),))))
    )


def test_source_that_takes_long_to_colour_is_shown_plainly():
    """A line of thousands of letters stands there without colours, escaped, with its outputs; others keep theirs."""
    long = f"x = {'a.' * 10_000}<b>"
    text = page(
        (code(long), CellRun(CellState.RAN, (stdout("after the long line"),))),
        (code("def f(): pass"), CellRun(CellState.RAN)),
    )
    assert text.count('<pre class="source">') == 1
    assert f"{'a.' * 10_000}&lt;b&gt;</pre>" in text
    assert "after the long line" in text
    assert '<span class="k">def</span>' in text


def test_the_summary_counts_cells_of_code():
    """One sentence says how many cells ran and what became of the others."""
    assert (
        summary([CellRun(CellState.TEXT), CellRun(CellState.RAN), CellRun(CellState.RAN)])
        == "Cells of code: 2 ran."
    )
    assert summary([CellRun(CellState.TEXT)]) == "There are no cells of code."


def text_page(source: str, origin: Origin = Origin.GIVEN) -> str:
    """Return the page of one cell of text."""
    merged = Merged((MergedCell(Cell("markdown", source), origin),))
    return notebook_page("CNN.ipynb", merged, [CellRun(CellState.TEXT)], ())


def test_given_formulas_are_typeset_without_a_script():
    """They are MathML, which a browser shows by itself; dollars in code are none."""
    made = text_page(r"Mean $\frac{1}{N} \sum_n x_n$, and" "\n\n$$x^2$$\n\n`cost $5 and $6`")
    assert made.count("<math") == 2
    assert "<mfrac>" in made and 'display="block"' in made
    assert "cost $5 and $6" in made
    assert "<script" not in made


def test_a_students_formula_and_an_unknown_one_stay_as_they_are():
    """No stranger's text is parsed by one more library, and nothing is lost where one does not know a formula."""
    for theirs in (Origin.OWN, Origin.ANSWER):
        assert "<math" not in text_page("$x^2$", theirs)
        assert "$x^2$" in text_page("$x^2$", theirs)
    assert "$x^$" in text_page("$x^$")


def test_nothing_but_a_formula_comes_out_of_a_formula():
    """Markup inside of one is text, or gone."""
    made = text_page(r"$\text{<script>alert(1)</script><img src=x onerror=alert(2)>}$")
    assert not {"script", "img"} & {*Page(made).tags}


def test_released_cells_can_be_linked_to() -> None:
    """Who judges a cell is led to it; a student's own cell, whose id may be anything, is not in the way."""
    ran = CellRun(CellState.RAN)
    cells = [
        (Cell("code", "draw()", id="por trait"), Origin.ANSWER),
        (Cell("code", "1", id="why"), Origin.OWN),
    ]
    merged = Merged(tuple(MergedCell(*each) for each in cells))
    linked = {
        value
        for tag, name, value in Page(notebook_page("a", merged, [ran, ran], ())).attributes
        if name == "id"
    }
    assert "at-por-trait" in linked
    assert "at-why" not in linked
