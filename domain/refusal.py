"""How a rule says no: one sentence that the person who asked may read."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The rules do not allow this; the message is written for the person who asked."""


class Forbidden(Refused):
    """The person may not do this, or the thing does not exist for them: both read the same."""

    def __init__(self, sentence: str, *, noted: bool = False) -> None:
        """`noted` says that the audit trail has it already."""
        super().__init__(sentence)
        self.noted = noted


class NotSaved(Exception):  # noqa: N818 - it tells the person what happened, not that we failed
    """The database could not take the change; the message says whether anything of it may have been kept."""


class Away(NotSaved):
    """The database does not answer at the moment. What it had is safe; the same request will do in a while."""
