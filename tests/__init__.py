"""The suite, a package of its own name: a dependency installs another one called `tests`."""
