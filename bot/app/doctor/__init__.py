"""Finds what is wrong before it hurts: checks that ask and read, and nothing that could trade.

`findings` says what a check may find; each other module holds the checks of one matter. They go on
as far as makes sense, so that a user sees all there is to mend at once.
"""
