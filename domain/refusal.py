"""How a rule says no: one sentence that the person who asked may read."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The rules do not allow this; the message is written for the person who asked."""


class Forbidden(Refused):
    """The person may not do this, or the thing does not exist for them: both read the same."""


class NotSaved(Exception):  # noqa: N818 - it tells the person what happened, not that we failed
    """The database could not take the change; nothing of it was kept."""
