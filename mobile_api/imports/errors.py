"""Refusals of the imports room."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class ImportFile(InvalidInput):
    code = "import_file"
    title = "The file was not taken: put right what is listed by line, and send it again."


class ImportKindUnknown(NotFound):
    code = "import_kind_unknown"
    title = "No room takes files of this kind."


class ImportOvertaken(Conflict):
    code = "import_overtaken"
    title = "A file sent after this one is in force already; this one was not taken."
