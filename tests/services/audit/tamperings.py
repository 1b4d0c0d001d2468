"""What somebody who may do everything to the database could try."""

from typing import Final

EDIT: Final = "update ledger_events set state = convert_to(replace(convert_from(state, 'UTF8'), '{}', '{}'), 'UTF8')"
AT: Final = " where notification_id = (select notification_id from seal where position = {})"
