"""Keeps compiled templates in memory, so that an app does not read each from a file again."""

from types import CodeType

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """A cache for all apps of a run. A template that has changed is compiled again."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is None:
            super().load_bytecode(bucket)
        else:
            bucket.code = kept
        self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code
