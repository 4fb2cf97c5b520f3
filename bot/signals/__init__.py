"""The method's signals G1-G27: pure, causal functions of arrays and inputs."""
