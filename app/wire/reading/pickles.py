"""The pickles that torch writes, read by an interpreter of their few opcodes.

Python's own unpickler calls whatever a file names. Here a name is only a `Name`, and all that can happen to one is what a `Maker`
makes of it: no code of a file runs because none can be reached. Time and memory are bounded by the number of opcodes.
"""

from dataclasses import dataclass
from pickletools import genops
from typing import Any, Protocol

from .tensors import Refused

MOST = 500_000  # opcodes; a tensor takes about 50
_MARK = object()


@dataclass(frozen=True)
class Name:
    """A function or a class as a pickle names it: module.name."""

    full: str


class Maker(Protocol):
    """What names, calls and things outside a pickle stand for. Each may raise ValueError for what is damaged, Refused with a reason."""

    def named(self, name: str) -> Name: ...
    def called(self, callee: object, arguments: tuple[Any, ...]) -> object: ...
    def stored(self, what: object) -> object: ...


def load(data: bytes, maker: Maker) -> object:
    """The object that a pickle describes.

    Raises Refused for a pickle that is damaged, too long, or has instructions that torch does not write.
    """
    argument: Any
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    try:
        for count, (opcode, argument, _) in enumerate(genops(data)):
            if count > MOST:
                raise Refused(f"expected at most {MOST} instructions in the file's data.pkl")
            match opcode.name:
                case "BINPUT" | "LONG_BINPUT":
                    memo[argument] = stack[-1]
                case "MEMOIZE":
                    memo[len(memo)] = stack[-1]
                case "BINGET" | "LONG_BINGET":
                    stack.append(memo[argument])
                case "GLOBAL":
                    stack.append(maker.named(argument.replace(" ", ".")))
                case "STACK_GLOBAL":
                    name, module = stack.pop(), stack.pop()
                    stack.append(maker.named(f"{_a(str, module)}.{_a(str, name)}"))
                case "REDUCE" | "NEWOBJ":
                    arguments, callee = stack.pop(), stack.pop()
                    stack.append(maker.called(callee, _a(tuple, arguments)))
                case "BINPERSID":
                    stack.append(maker.stored(stack.pop()))
                case "BUILD":
                    stack.pop()  # attributes, such as a state_dict's _metadata: nothing here has any
                case "PROTO" | "FRAME" | "STOP":
                    pass
                case other:
                    _plain(other, argument, stack)
        return stack.pop()
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:  # whatever a damaged one may lead to
        raise Refused("the file's data.pkl is damaged") from error


def _plain(opcode: str, argument: Any, stack: list[Any]) -> None:
    """The instructions that make plain data."""
    match opcode:
        case "NONE" | "NEWTRUE" | "NEWFALSE":
            stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[opcode])
        case "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINFLOAT" | "BINBYTES" | "SHORT_BINBYTES":
            stack.append(argument)
        case "BINUNICODE" | "SHORT_BINUNICODE":
            stack.append(argument.encode(errors="replace").decode())  # half a surrogate pair could not be sent
        case "MARK":
            stack.append(_MARK)
        case "EMPTY_TUPLE" | "EMPTY_LIST" | "EMPTY_DICT":
            stack.append({"EMPTY_TUPLE": (), "EMPTY_LIST": [], "EMPTY_DICT": {}}[opcode])
        case "TUPLE":
            stack.append(tuple(_since_mark(stack)))
        case "TUPLE1" | "TUPLE2" | "TUPLE3":
            count = int(opcode[-1])
            stack[-count:] = [tuple(stack[len(stack) - count :])]
        case "APPEND" | "APPENDS":
            items = [stack.pop()] if opcode == "APPEND" else _since_mark(stack)
            _a(list, stack[-1]).extend(items)
        case "SETITEM" | "SETITEMS":
            items = [stack.pop(-2), stack.pop()] if opcode == "SETITEM" else _since_mark(stack)
            into = _a(dict, stack[-1])
            for key, value in zip(items[::2], items[1::2], strict=True):
                # Only what is quick to hash: the hash of a tuple of tuples of the same tuples … takes for ever.
                into[key if isinstance(key, str | int | float | None) else _refuse()] = value
        case _:
            raise Refused(f"the file's data.pkl has an instruction that torch.save(model.state_dict(), …) does not write ({opcode})")


def _since_mark(stack: list[Any]) -> list[Any]:
    items = []
    while (item := stack.pop()) is not _MARK:
        items.append(item)
    return items[::-1]


def _a(kind: type, value: Any) -> Any:
    return value if type(value) is kind else _refuse()


def _refuse() -> Any:
    raise ValueError("not what stands here in what torch writes")
