"""Tables as people have them: every edge case of CSV as a row, JSON of every shape, faults with their line, limits before any parsing."""

import json
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.document import read_problem
from app.engine.limits import Limits
from app.wire.faults import RequestError
from app.wire.jobs import TooHeavy
from app.wire.tables import Choices, table_job

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
IRIS = """sepal_length,sepal_width,petal_length,petal_width,species
5.1,3.5,1.4,0.2,setosa
4.9,3.0,1.4,0.2,setosa
7.0,3.2,4.7,1.4,versicolor
6.3,3.3,6.0,2.5,virginica
6.4,3.2,4.5,1.5,versicolor
"""


def asked(body, most=5_000_000, limits=None, is_json=None, **choices):
    body = body if isinstance(body, bytes) else body.encode()
    return table_job(body, limits or Limits(), most, Choices(**choices), is_json)


def read(body, **choices):
    """The answer to a table."""
    chunks = asked(body, **choices)
    assert not isinstance(chunks, RequestError), (str(chunks), chunks.faults)
    return json.loads(b"".join(chunks))


def refused(body, **choices):
    """The faults of a table that is refused."""
    error = asked(body, **choices)
    assert isinstance(error, RequestError), error
    assert error.status == 422 and error.detail
    return [tuple(fault) for fault in error.faults]


def test_iris():
    answer = read(IRIS, targets=["species"])
    assert (answer["format"], answer["delimiter"], answer["decimal"], answer["header"], answer["rows"]) == ("csv", ",", ".", True, 5)
    assert answer["targets"] == [0, 0, 1, 2, 1]
    assert answer["output_names"] == ["setosa", "versicolor", "virginica"]
    assert answer["inputs"][2] == [7.0, 3.2, 4.7, 1.4]
    assert answer["input_names"] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert answer["suggested_loss"] == "cross_entropy"
    assert answer["columns"][0] == {
        "name": "sepal_length", "kind": "number", "labels": None, "minimum": 4.9, "maximum": 7.0, "distinct": 5, "missing": 0, "use": "input",
    }  # fmt: skip
    assert answer["columns"][4] == {
        "name": "species", "kind": "label", "labels": answer["output_names"], "minimum": None, "maximum": None, "distinct": 3, "missing": 0, "use": "target",
    }  # fmt: skip
    layers = [{"units": 3, "activation": "softmax"}]
    read_problem({"layers": layers, "loss": answer["suggested_loss"], "inputs": answer["inputs"], "targets": answer["targets"]})


# what is sent, the inputs and targets that come of it, and more that must hold of the answer
CASES = {
    "the last column is the target": ("a,b\n1,2\n3,4\n", [[1], [3]], [[2], [4]], {"header": True, "input_names": ["a"], "output_names": ["b"]}),
    "no header": ("1,2\n3,4\n", [[1], [3]], [[2], [4]], {"header": False, "input_names": ["column 1"]}),
    "one row without a header": ("1,2", [[1]], [[2]], {"header": False}),
    "CRLF": ("a,b\r\n1,2\r\n3,4\r\n", [[1], [3]], [[2], [4]], {"delimiter": ","}),
    "old Mac": ("a,b\r1,2\r3,4", [[1], [3]], [[2], [4]], {}),
    "no line end at the end": ("a,b\n1,2\n3,4", [[1], [3]], [[2], [4]], {}),
    "empty lines": ("\n\na,b\n\n1,2\n ,\n\n3,4\n\n", [[1], [3]], [[2], [4]], {"rows": 2}),
    "BOM": ("\ufeffa,b\n1,2\n", [[1]], [[2]], {"encoding": "utf-8", "input_names": ["a"]}),
    "UTF-16 with a mark": ("a,é\n1,2\n".encode("utf-16"), [[1]], [[2]], {"encoding": "utf-16", "output_names": ["é"]}),
    "UTF-16, big end first": ("\ufeffa,é\n1,2\n".encode("utf-16-be"), [[1]], [[2]], {"encoding": "utf-16"}),
    "UTF-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), [[1]], [[2]], {"encoding": "utf-16"}),
    "Latin-1": ("a,é\n1,2\n".encode("latin-1"), [[1]], [[2]], {"encoding": "latin-1", "output_names": ["é"]}),
    "semicolons": ("a;b\n1;2\n", [[1]], [[2]], {"delimiter": ";"}),
    "tabs": ("a\tb\n1\t2\n", [[1]], [[2]], {"delimiter": "tab"}),
    "bars": ("a|b\n1|2\n", [[1]], [[2]], {"delimiter": "|"}),
    "decimal commas": ("a;b\n0,5;1,25\n1,5;-,5\n", [[0.5], [1.5]], [[1.25], [-0.5]], {"delimiter": ";", "decimal": ","}),
    "decimal commas without a header": ("0,5;1,2\n1,5;3\n", [[0.5], [1.5]], [[1.2], [3]], {"delimiter": ";", "decimal": ",", "header": False}),
    "decimal commas in quotes": ('a,b\n"0,5","1,2"\n', [[0.5]], [[1.2]], {"delimiter": ",", "decimal": ","}),
    "quotes": ('"a","b"\n"1","2"\n', [[1]], [[2]], {"input_names": ["a"]}),
    "delimiters and quotes in quotes": ('"a, ""x""",b\n1,2\n', [[1]], [[2]], {"input_names": ['a, "x"']}),
    "lines in quotes": ('"a\nb","c"\n1,2\n', [[1]], [[2]], {"input_names": ["a\nb"]}),
    "space around": (" a , b \n 1 , 2 \n", [[1]], [[2]], {"input_names": ["a"]}),
    "space before quotes": ('a, "b"\n1, "2"\n', [[1]], [[2]], {"output_names": ["b"]}),
    "a delimiter at every end": ("a,b,\n1,2,\n3,4,\n", [[1], [3]], [[2], [4]], {}),
    "empty columns at the end": ("a,b,,\n1,2,,\n3,4,,\n", [[1], [3]], [[2], [4]], {}),
    "words that look like numbers": ("x,y\n1_0,1\ninf,2\n٣,3\n", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1], [2], [3]], {"header": True}),
    "numbers of every kind": ("a,b\n+1e-2,−3\n.5,5.\n1E3,-0\n", [[0.01], [0.5], [1000]], [[-3], [5], [0]], {"decimal": "."}),
    "names twice and none": ("a,a,\n1,2,3\n", [[1, 2]], [[3]], {"input_names": ["a", "a (2)"], "output_names": ["column 3"]}),
    "labels": ("x,y\n1,no\n2,yes\n3,no\n", [[1], [2], [3]], [0, 1, 0], {"output_names": ["no", "yes"], "suggested_loss": "cross_entropy"}),
    "labels alone": ("c,y\nred,no\nblue,yes\n", [[1, 0], [0, 1]], [0, 1], {"input_names": ["c=red", "c=blue"], "header": True}),
    "labels without a header": ("red,no\nblue,yes\nred,no\n", [[1, 0], [0, 1], [1, 0]], [0, 1, 0], {"header": False}),
    "zeros and ones": ("x,y\n1,0\n2,1\n", [[1], [2]], [[0], [1]], {"suggested_loss": "binary_cross_entropy"}),
    "one column": ("5\n6\n", [[5], [6]], None, {"delimiter": None, "output_names": [], "suggested_loss": None}),
    "a pandas index": (",a,b\n0,1,2\n1,3,4\n", [[0, 1], [1, 3]], [[2], [4]], {"input_names": ["column 1", "a"]}),
    "objects": ('[{"a": 1, "b": "x"}, {"b": "y", "a": 2}]', [[1], [2]], [0, 1], {"format": "json", "output_names": ["x", "y"]}),
    "lists": ("[[1, 2], [3, 4]]", [[1], [3]], [[2], [4]], {"format": "json", "header": False, "delimiter": None}),
    "lists with names": ('[["a", "b"], [3, 4]]', [[3]], [[4]], {"header": True, "input_names": ["a"]}),
    "inputs and targets": ('{"inputs": [[0, 1], [1, 1]], "targets": [[1, 0.5], [0, 2]]}', [[0, 1], [1, 1]], [[1, 0.5], [0, 2]], {"output_names": ["y1", "y2"]}),
    "inputs and classes": ('{"inputs": [[0], [1]], "targets": ["no", "yes"]}', [[0], [1]], [0, 1], {"input_names": ["x1"], "output_names": ["no", "yes"]}),
    "inputs alone": ('{"inputs": [[0], [1]]}', [[0], [1]], None, {}),
    "true and false": ('[{"a": 1, "b": true}, {"a": 2, "b": false}]', [[1], [2]], [0, 1], {"output_names": ["true", "false"]}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_comes_of_a_table(case):
    body, inputs, targets, more = CASES[case]
    answer = read(body)
    assert (answer["inputs"], answer["targets"]) == (inputs, targets)
    assert answer.items() >= more.items()


def test_choices():
    text = "id,size,colour,price,grade\n1,2,red,3,1\n2,4,blue,5,3\n3,6,red,7,2\n"
    answer = read(text, targets=["price", "size"], inputs=["grade"])
    assert (answer["inputs"], answer["targets"], answer["output_names"]) == ([[1], [3], [2]], [[2, 3], [4, 5], [6, 7]], ["size", "price"])
    assert [column["use"] for column in answer["columns"]] == ["left out", "target", "left out", "target", "input"]
    answer = read(text, targets=["grade"], labels=("grade",), inputs=["size"])
    assert (answer["targets"], answer["output_names"]) == ([0, 1, 2], ["1", "3", "2"])
    answer = read(text, targets=["grade", "colour"], labels=("grade",), inputs=["size"])
    assert answer["targets"] == [[1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [1, 0, 0, 0, 1]]
    assert answer["output_names"] == ["colour=red", "colour=blue", "grade=1", "grade=3", "grade=2"]
    assert answer["suggested_loss"] == "binary_cross_entropy"
    assert any("read it as labels" in note for note in read(text)["notes"])
    answer = read(text, targets=[])
    assert (answer["targets"], answer["output_names"], answer["suggested_loss"]) == (None, [], None)
    assert answer["input_names"] == ["id", "size", "colour=red", "colour=blue", "price", "grade"]
    assert '"colour" has 2 labels and became 2 inputs of 0 and 1.' in answer["notes"]
    assert read("2019,2020\n1,2\n", header=True)["input_names"] == ["2019"]
    assert read("a,b\nc,d\n", header=False)["rows"] == 2
    assert read("1,5;2,5\n", delimiter=",")["inputs"] == [[1.0, 1.0]]  # 5;2 is a label


def test_only_looking_refuses_no_cell():
    """The columns of a table that has faults, for people to choose from."""
    answer = read("a,b,c\n1,,x\n2,y\n3,4,z,5\n", inputs=[])
    assert (answer["inputs"], answer["targets"]) == (None, None)
    assert [(column["missing"], column["use"]) for column in answer["columns"]] == [(0, "input"), (1, "input"), (1, "target")]
    assert "2 rows do not have 3 cells; line 3: 2 cells." in answer["notes"]


FAULTS = [
    ("a,b\n1,2\n3\n4,5,6\n", ["line 3: expected 2 cells, got 1", "line 4: expected 2 cells, got 3"]),
    ("a,b\n1,2\n3,\n,5\n", ['line 3: nothing stands in "b"', 'line 4: nothing stands in "a"']),
    ("a,b\n1,2\n3,NA\n", ['line 3: "b" is missing (NA)']),
    ("a,b\n1,2\nx,4\n3,5\n", ['line 3: expected a number in "a", as in most rows; got "x"']),
    ("a,b\n1,2\n3,1e999\n", ['line 3: expected a finite number in "b", got "1e999"']),
    ('a,b\n"1\n",2\n\n"x\r\ny\r\n",\n1,3\n4,5\n', ['line 5: expected a number in "a", as in most rows; got "x\r\ny"', 'line 5: nothing stands in "b"']),
    ('a,b\n1,"2\n3,4\n', ["line 2: a quoted cell that is never closed"]),
    ('a,b\n1,2\n3,"4"5\n', ["line 3: ',' expected after '\"'"]),
    ("", ["the table is empty"]),
    (" \n\n", ["the table is empty"]),
    ("a,b\n", ["line 1: expected rows below the names of the columns"]),
    (b"PK\x03\x04", ["expected text; this is a spreadsheet or another zip archive: save the table as CSV"]),
    (b"\x00\x01\x02\xff", ["expected text, got bytes that are none"]),
    (b"\xff\xfea", ["expected text; the bytes begin as UTF-16 but are none"]),
    ("{}", ['expected a list of objects, a list of lists, or {"inputs": [[…]], "targets": [[…]]}']),
]


@pytest.mark.parametrize(("body", "details"), FAULTS, ids=[row[1][0] for row in FAULTS])
def test_faults_have_their_line(body, details):
    assert refused(body) == [("", detail) for detail in details]


def test_ten_faults_and_how_many_more():
    found = refused("a,b\n" + "1,\n" * 5 + "1\n" * 20 + "1,2\n")
    assert [detail for _, detail in found] == [
        *(f'line {k}: nothing stands in "b"' for k in range(2, 7)),
        *(f"line {k}: expected 2 cells, got 1" for k in range(7, 12)),
        "and 15 more",
    ]


JSON_FAULTS = [
    ('[{"a": 1, "b": 2}, {"a": 3}]', "/1/b"),
    ('[{"a": 1, "b/c": 2}, {"a": 3, "b/c": null}]', "/1/b~1c"),
    ("[[1, 2], [3]]", "/1"),
    ("[[1, 2], [3, null]]", "/1/1"),
    ('[["a", "b"], [1, 2], [3, null]]', "/2/1"),
    ("[[1, 2], 3]", "/1"),
    ("[[1, [2]]]", "/0/1"),
    ('[{"a": {}}]', "/0/a"),
    ('{"inputs": [[1], [2, 3]], "targets": [1, 2]}', "/inputs/1"),
    ('{"inputs": [[1], [2]], "targets": [1]}', "/targets"),
    ('{"inputs": [[1], [2]], "targets": [1, null]}', "/targets/1"),
    ('{"inputs": [[1], [2]], "targets": [[1], [null]]}', "/targets/1/0"),
    ('{"inputs": []}', "/inputs"),
    ("[[]]", ""),
    ("[]", ""),
]


@pytest.mark.parametrize(("body", "pointer"), JSON_FAULTS, ids=[row[0] for row in JSON_FAULTS])
def test_faults_of_json_have_a_pointer(body, pointer):
    assert [where for where, _ in refused(body)] == [pointer]


def test_wrong_choices():
    found = refused("a,b\n1,2\n", targets=["z"], inputs=["b", "q"], labels=("y",))
    assert [pointer for pointer, _ in found] == ["/targets/0", "/inputs/1", "/labels/0"]
    assert found[0][1] == 'no column is called "z"; there are "a", "b"'
    assert refused("a,b\n1,2\n", targets=["a"], inputs=["a"]) == [("/inputs/0", '"a" is a target')]
    assert refused("a,b\n1,2\n", targets=["a", "b"]) == [("/targets", "expected a column that is no target, for the inputs")]


def test_limits_hold_before_the_whole_is_read():
    began = time.process_time()
    assert refused("a,b\n" + "1,2\n" * 100_000) == [("", "expected at most 4096 rows, got more: the text has 100001 lines")]
    assert refused(json.dumps([[1, 2]] * 100_000)) == [("", "expected at most 4096 rows, got 100000")]
    assert time.process_time() - began < 2
    assert read("a,b\n" + "1,2\n" * 4096)["rows"] == 4096
    assert "at most 4096 rows" in refused("a,b\n" + "1,2\n" * 4097)[0][1]
    assert "at most 4096 rows, got 4097" in refused("1,2\n" * 4097)[0][1]
    assert "at most 4 inputs" in refused("1,2,3,4,5,6\n", limits=Limits(units=4))[0][1]
    text = "a,b\n" + "".join(f"n{k},{k}\n" for k in range(20))
    assert "at most 10000 cells" in refused("1," * 20_000)[0][1]
    assert "the text has 90001 lines" in refused("1,2\n" + "\n" * 90_000)[0][1]
    assert '"a" has 20 labels' in refused(text, limits=Limits(units=10))[0][1]
    assert "at most 100 numbers" in refused(text, most=100)[0][1]
    assert "at most 30 cells" in refused(text, most=30)[0][1]
    assert refused(json.dumps([{f"k{n}": 1} for n in range(4000)])) == [("", "expected objects with the same fields")]
    for body in (b"1,2\n" * 6000, text.encode()):
        with pytest.raises(TooHeavy):
            table_job(body, Limits(), 1000, Choices(), at_most=400)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (json.dumps([[1] * 20_000] + [[1]] * 4000), "expected at most 5000000 cells, got 4001 rows of 20000"),
        (",".join(f"c{k}" for k in range(9999)) + "\n" + "1\n" * 4000, "expected at most 5000000 cells, got 4000 rows of 9999"),
    ],
)
def test_one_long_row_does_not_make_all_rows_long(body, words):
    """What is refused for its size is refused before it has that size: a few kilobytes were made into gigabytes here."""
    tracemalloc.start()
    try:
        assert refused(body) == [("", words)]
        assert tracemalloc.get_traced_memory()[1] < 60_000_000 + 20 * len(body)
    finally:
        tracemalloc.stop()


def test_many_columns_take_time_in_proportion():
    began = time.process_time()
    same = read("a," * 8000 + "a (3)\n" + "1," * 8000 + "1\n", inputs=[])
    assert [it["name"] for it in same["columns"]][:3] == ["a", "a (2)", "a (3)"]
    assert len({it["name"] for it in same["columns"]}) == 8001
    found = refused(",".join(f"c{k}" for k in range(8000)) + "\n" + "1," * 7999 + "1\n", targets=[f"q{k}" for k in range(4000)])
    assert found[0][0] == "/targets/0" and len(found) <= 100
    assert time.process_time() - began < 5


# ---- anything at all ---------------------------------------------------------------------------------------------------


def sound(answer):
    """Arrays of the sizes that the names say, or a refusal that says something."""
    if isinstance(answer, RequestError):
        assert answer.status in (400, 422) and answer.detail
        assert len(answer.faults) <= 12 or answer.status == 400
        return
    found = json.loads(b"".join(answer))
    if found["inputs"] is not None:
        assert np.shape(found["inputs"]) == (found["rows"], len(found["input_names"]))
        problem = {"layers": [{"units": len(found["output_names"]) or 1, "activation": "softmax"}], "inputs": found["inputs"], "targets": found["targets"]}
        read_problem({**problem, "loss": found["suggested_loss"]})


PIECES = [*"ab10,;\t|\n\"'= −é\ufeff[{", "2.5", "0,5", "1e9", "\r\n", "NA", "inf", "1_0"]
pieces = st.lists(st.sampled_from(PIECES), max_size=40)


@given(text=pieces.map("".join) | st.text(max_size=60), header=st.sampled_from([None, True, False]), delimiter=st.sampled_from([None, ",", ";", "tab", "|"]))
@SETTINGS
def test_any_text(text, header, delimiter):
    sound(asked(text.encode(), header=header, delimiter=delimiter))
    sound(asked(text.encode(), header=header, delimiter=delimiter, inputs=[]))


STARTS = [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"[", b"{"]


@given(body=st.binary(max_size=200), start=st.sampled_from(STARTS), is_json=st.sampled_from([None, True, False]))
@SETTINGS
def test_any_bytes(body, start, is_json):
    sound(asked(start + body, is_json=is_json))


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
rows = st.lists(scalars, max_size=3)
documents = (
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3))
    | st.lists(rows, max_size=5)
    | st.lists(st.dictionaries(st.sampled_from(["a", "b", ""]), scalars), max_size=5)
    | st.fixed_dictionaries({"inputs": st.lists(rows, max_size=3), "targets": st.lists(rows | scalars, max_size=3)})
)


@given(document=documents)
@SETTINGS
def test_any_json(document):
    sound(asked(json.dumps(document)))
    sound(asked(json.dumps(document), inputs=[], is_json=True))


@given(columns=st.lists(st.booleans(), min_size=2, max_size=4), data=st.data())
@SETTINGS
def test_what_was_written_comes_back(columns, data):
    """Written by hand with every cell in quotes: numbers come back to the last digit, labels as they were."""
    number, label = st.floats(-1e9, 1e9).map(repr), st.text("abc,;\"\n'é", max_size=6).map(lambda it: f"x{it.strip()}")
    table = data.draw(st.lists(st.tuples(*[number if numeric else label for numeric in columns]), min_size=1, max_size=5))
    lines = [[f"c{k}" for k in range(len(columns))], *table]
    text = "\r\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    answer = read(text, targets=[], header=True, delimiter=";")
    for k, numeric in enumerate(columns):
        column = [row[k] for row in table]
        if numeric:
            place = answer["input_names"].index(f"c{k}")
            assert [row[place] for row in answer["inputs"]] == [float(cell) for cell in column]
        else:
            assert answer["columns"][k]["labels"] == list(dict.fromkeys(column))
