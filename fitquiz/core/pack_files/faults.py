"""What is wrong with a pack: every fault names the file, the line, the place and what to write instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fitquiz.core.pack_files.toml_lines import Place, find_lines

MOST_FAULTS = 100
"""More than anybody mends before looking again."""
_LONGEST_STEP = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. A warning does not keep the pack from being used."""

    file: str
    line: int | None
    place: str
    says: str
    remedy: str
    is_warning: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        kind = "warning: " if self.is_warning else ""
        return f"{where}: {kind}{self.place + ': ' if self.place else ''}{self.says} {self.remedy}"


class PackError(ValueError):
    """A pack that is refused, with every fault at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


class FaultList:
    """Collects faults and finds their lines."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self._files = files
        self._lines: dict[str, Mapping[Place, int]] = {}

    def add(
        self, file: str, place: Place, says: str, remedy: str, is_warning: bool = False
    ) -> None:
        """Note a fault at a place; where the place itself is missing, its nearest parent's line is given."""
        if not self.is_full:
            self.faults.append(
                Fault(
                    file, self._find_line(file, place), write_place(place), says, remedy, is_warning
                )
            )
        elif len(self.faults) == MOST_FAULTS:
            self.faults.append(
                Fault(file, None, "", "has more faults than are told at once.", "Mend these first.")
            )

    def add_unparsed(self, file: str, says: str) -> None:
        """Note that a file is not TOML at all; `says` is the parser's own sentence, which holds the line."""
        line = says.partition("(at line ")[2].partition(",")[0]
        remedy = "Mend the TOML there; strings stand in double quotes."
        self.faults.append(
            Fault(file, int(line) if line.isdigit() else None, "", f"{says}.", remedy)
        )

    @property
    def is_full(self) -> bool:
        """Whether so many have been noted that no more are told."""
        return len(self.faults) >= MOST_FAULTS

    @property
    def errors(self) -> list[Fault]:
        """The faults that keep the pack from being used."""
        return [fault for fault in self.faults if not fault.is_warning]

    def _find_line(self, file: str, place: Place) -> int | None:
        if not place:  # The whole file, which may be one that cannot be read.
            return 1 if file in self._files else None
        if file not in self._lines:
            self._lines[file] = find_lines(self._files.get(file, ""))
        while place and place not in self._lines[file]:
            place = place[:-1]
        return self._lines[file].get(place, 1 if file in self._files else None)


def write_place(place: Place) -> str:
    """Return a place as a person would write it: blocks[2].items[1].trait, counted from 1."""
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step:.{_LONGEST_STEP}}"
    return text.lstrip(".")
