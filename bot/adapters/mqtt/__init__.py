"""Publishes the journal to an MQTT broker: a reader, told nothing that is not in the journal.

`library` is the seam to the client library; `messages` and `state` say what is published; `outbox`
and `bookmark` what is still to be; `publisher` is the task that does it.
"""
