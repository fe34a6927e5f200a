"""Who wants what, how often, with proof of consent. An address asks (`optin.request`), confirms by a button
(`optin.confirm`), changes its choices (`preferences.change`), stops and takes that back (`stopping.stop`, `undo`).
Words: subscriber, subscription (subscriber × topic × cadence: requested, confirmed, ended with a reason), consent."""
