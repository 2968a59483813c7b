"""The faults of a pack. Each names the file, the line, the place and what to write instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fitquiz.core.pack_files.toml_lines import Place, find_lines

MAX_FAULTS = 100
"""Nobody mends more before looking again."""

_MAX_STEP_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. A pack with warnings alone can be used."""

    file: str
    line: int | None
    place: str
    says: str
    remedy: str
    is_warning: bool = False

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}: " if self.line else f"{self.file}: "]
        if self.is_warning:
            parts.append("warning: ")
        if self.place:
            parts.append(f"{self.place}: ")
        parts.append(f"{self.says} {self.remedy}")
        return "".join(parts)


class PackError(ValueError):
    """A pack that cannot be used, with all its faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


class FaultList:
    """Collects the faults of a pack's files and finds their lines."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self._files = files
        self._lines: dict[str, Mapping[Place, int]] = {}

    def add(
        self, file: str, place: Place, says: str, remedy: str, is_warning: bool = False
    ) -> None:
        """Add a fault at a place. If the place does not exist, the fault has its parent's line."""
        if not self.is_full:
            line = self._find_line(file, place)
            fault = Fault(file, line, write_place(place), says, remedy, is_warning)
            self.faults.append(fault)
        elif len(self.faults) == MAX_FAULTS:
            says = "has more faults than are told at once."
            self.faults.append(Fault(file, None, "", says, "Mend these first."))

    def add_unparsed(self, file: str, says: str) -> None:
        """Add the fault of a file that is not TOML. `says` is the parser's sentence, which holds the line."""
        number = says.partition("(at line ")[2].partition(",")[0]
        line = int(number) if number.isdigit() else None
        remedy = "Mend the TOML there; strings stand in double quotes."
        self.faults.append(Fault(file, line, "", f"{says}.", remedy))

    @property
    def is_full(self) -> bool:
        """Whether the list takes no more faults."""
        return len(self.faults) >= MAX_FAULTS

    @property
    def errors(self) -> list[Fault]:
        """The faults without the warnings."""
        return [fault for fault in self.faults if not fault.is_warning]

    def _find_line(self, file: str, place: Place) -> int | None:
        if file not in self._files:
            return None
        if not place:  # The whole file, which may be unreadable.
            return 1
        if file not in self._lines:
            self._lines[file] = find_lines(self._files[file])
        lines = self._lines[file]
        while place and place not in lines:
            place = place[:-1]
        return lines.get(place, 1)


def write_place(place: Place) -> str:
    """Return a place as people write it, counted from 1: blocks[2].items[1].trait."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step[:_MAX_STEP_LENGTH]}"
    return text.lstrip(".")
