# The production image: the front end is built by Node, Python's packages by uv, and neither tool comes along.
FROM node:24-slim AS front
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM python:3.12-slim AS packages
WORKDIR /build
COPY requirements-bootstrap.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-bootstrap.lock \
    && uv venv /opt/venv \
    && uv pip sync --no-cache --compile-bytecode --require-hashes --python /opt/venv/bin/python requirements.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --no-create-home portal
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=front /build/static/build static/build
# The settings ask for these; collecting static files uses none of them.
RUN SECRET_KEY=build DATABASE_URL=postgresql://none/none REDIS_URL=redis://none \
    python manage.py collectstatic --noinput \
    && python -m compileall -q . \
    && install -d -o portal var/media
USER portal
EXPOSE 8000
# Each thread holds one connection to PostgreSQL; without a limit a crowd would ask for hundreds.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "brm_portal.wsgi:application"]
