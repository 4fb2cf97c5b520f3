"""`python -m bot` is `alvh`."""

from bot.cli.main import main

main()
