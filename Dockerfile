# The service in an image: what is locked, the project beside it, nothing else.
#
# Built in one stage and copied to the next, so that no pip, compiler input or test of a library
# comes along. It runs as a user that the host does not know, needs no capability and writes
# nothing outside /data and /tmp, so that its root file system may be read-only.
#
# The base is the newest patch release of one Python on one Debian; `make image` looks its digest
# up, builds on exactly that, and writes it into the image's labels.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/alvh && python -m venv /opt/builder
WORKDIR /src

COPY deploy/locks/image.txt deploy/locks/build.txt deploy/locks/
RUN --mount=type=cache,target=/root/.cache/pip \
    for place in alvh:image builder:build; do \
        "/opt/${place%:*}/bin/pip" install --no-compile --no-deps --require-hashes \
            --requirement "deploy/locks/${place#*:}.txt" || exit 1; \
    done

COPY pyproject.toml README.md ./
COPY bot bot
RUN /opt/builder/bin/pip wheel --no-deps --no-build-isolation --no-cache-dir --wheel-dir dist . \
    && /opt/alvh/bin/pip install --no-compile --no-deps --no-index --no-cache-dir dist/*.whl

# What nothing reads while it runs goes; what Python would write at the first start is written here.
RUN /opt/alvh/bin/pip uninstall --yes pip setuptools \
    && find /opt/alvh/lib -depth \( -name tests -type d -o -name '*.pyi' -o -name '*.pyx' \
        -o -name '*.pxd' -o -name '*.c' -o -name '*.h' \) -exec rm -r {} + \
    && /opt/alvh/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/alvh/lib


FROM ${PYTHON_IMAGE}
ARG PYTHON_IMAGE
LABEL org.opencontainers.image.title="alvh-bot" \
      org.opencontainers.image.description="Keeps an adaptive layered VIX hedge against SPX iron condors" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}"

# `var`, where the defaults keep their files, is the volume.
RUN groupadd --gid 10001 alvh \
    && useradd --uid 10001 --gid alvh --no-create-home --home-dir /data --shell /usr/sbin/nologin alvh \
    && install --directory --owner=alvh --group=alvh --mode=0750 /data \
    && mkdir /app && ln -s /data /app/var
COPY --from=build /opt/alvh /opt/alvh
COPY config /app/config

ENV PATH=/opt/alvh/bin:$PATH \
    ALVH_CONFIG=config/image.toml \
    OPENBLAS_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONFAULTHANDLER=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["alvh", "health"]
ENTRYPOINT ["alvh"]
CMD ["run"]
