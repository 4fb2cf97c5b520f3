"""The composition root: wires adapters to ports by hand, once; entry points call it.

`demo` plays a scenario in virtual time through a real socket; `service` runs the bot in real time;
`wiring` is what both share.
"""
