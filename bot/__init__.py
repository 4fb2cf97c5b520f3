"""The ALVH bot: an adaptive layered VIX hedge kept alive against SPX iron condors."""
