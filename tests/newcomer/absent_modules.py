"""Starts Python programs in which a module that is installed cannot be imported, as if it were absent."""

import os
from pathlib import Path

from tests.newcomer.stranger import ROOT

_SITECUSTOMIZE = '''
import sys

class Absent:
    """Stands first among the finders, so that no other one is asked for this module."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Absent)
'''


def hide(module: str, folder: Path) -> dict[str, str]:
    """Return the variables with which Python finds the checkout, but not this module.

    Python runs the `sitecustomize.py` that it finds on its path at each start. It is written into
    the folder.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE.format(module=module), "utf-8")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
