"""The faults of a pack. Each fault names the file, the line, the place and the remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fitquiz.core.pack_files.toml_lines import Place, find_lines

MAX_FAULTS = 100
"""After this number of faults, `FaultList.add` adds one last entry, and then no more faults.

The last entry says that more faults exist.
"""

_MAX_STEP_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """An error or a warning about a file of a pack.

    `says` describes the fault. `remedy` describes the correction. A pack with warnings is usable if
    the pack has no errors.
    """

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
    """The exception for a pack with errors. `faults` contains all faults of the pack."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


class FaultList:
    """The faults of a pack's files. The method `add` finds the line of a fault."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self._files = files
        self._lines: dict[str, Mapping[Place, int]] = {}

    def add(
        self, file: str, place: Place, says: str, remedy: str, is_warning: bool = False
    ) -> None:
        """Add a fault at `place`.

        If the file does not contain `place`, the fault gets the line of the nearest enclosing place.
        For example, a fault about a missing key gets the line of the table.
        """
        if not self.is_full:
            line = self._find_line(file, place)
            fault = Fault(file, line, write_place(place), says, remedy, is_warning)
            self.faults.append(fault)
        elif len(self.faults) == MAX_FAULTS:
            says = "has more faults than this list shows."
            self.faults.append(
                Fault(file, None, "", says, "Correct the listed faults first.")
            )

    def add_unparsed(self, file: str, says: str) -> None:
        """Add a fault for a file that is not valid TOML.

        `says` is the parser's message. Most messages of the parser contain the line of the fault.
        """
        number = says.partition("(at line ")[2].partition(",")[0]
        line = int(number) if number.isdigit() else None
        remedy = "Correct the TOML. Write each string in double quotes."
        self.faults.append(Fault(file, line, "", f"{says}.", remedy))

    @property
    def is_full(self) -> bool:
        """Whether the list contains MAX_FAULTS faults or more."""
        return len(self.faults) >= MAX_FAULTS

    @property
    def errors(self) -> list[Fault]:
        """The faults that are errors. Warnings are left out."""
        return [fault for fault in self.faults if not fault.is_warning]

    def _find_line(self, file: str, place: Place) -> int | None:
        if file not in self._files:
            return None
        if not place:  # The fault concerns the whole file.
            return 1
        if file not in self._lines:
            self._lines[file] = find_lines(self._files[file])
        lines = self._lines[file]
        while place and place not in lines:
            place = place[:-1]
        return lines.get(place, 1)


def write_place(place: Place) -> str:
    """Return a place as text. The numbers in the text start at 1.

    For example, ("blocks", 1, "items", 0, "trait") becomes `blocks[2].items[1].trait`.
    """
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step[:_MAX_STEP_LENGTH]}"
    return text.lstrip(".")
