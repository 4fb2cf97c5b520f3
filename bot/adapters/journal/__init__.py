"""The journal: an append-only, hash-chained record in one SQLite file.

`store` writes and is the `JournalPort`; `readonly` reads beside a running bot; `verify` proves
that nothing stored was changed; `schema`, `codec` and `chain` say what a row is.
"""
