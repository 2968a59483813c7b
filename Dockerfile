# This file builds an image of fitquiz: docker build -t fitquiz .
# compose.yaml and docs/deploy.md show how to run the image.
FROM python:3.13-slim AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/fitquiz \
    && /opt/fitquiz/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/fitquiz --create-home --shell /usr/sbin/nologin fitquiz \
    && chmod 700 /var/lib/fitquiz
COPY --from=packages /opt/fitquiz /opt/fitquiz
COPY fitquiz /srv/fitquiz/fitquiz
COPY questions /srv/fitquiz/questions
COPY static /srv/fitquiz/static
COPY templates /srv/fitquiz/templates
# Compile the code in the image, because a container with a read-only file system cannot store compiled code.
RUN /opt/fitquiz/bin/python -m compileall -q /srv/fitquiz/fitquiz
ENV PATH=/opt/fitquiz/bin:$PATH \
    PYTHONPATH=/srv/fitquiz \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FITQUIZ_HOST=0.0.0.0 \
    FITQUIZ_PORT=8000 \
    FITQUIZ_INSTANCE=/var/lib/fitquiz
USER 10001
WORKDIR /var/lib/fitquiz
VOLUME /var/lib/fitquiz
EXPOSE 8000
# Check only whether the process responds. A check of the database is not useful here, because a restart of the
# container cannot repair the database.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as r; \
    r.urlopen(f'http://127.0.0.1:{os.environ[\"FITQUIZ_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "fitquiz.cli.commands"]
CMD ["serve"]
