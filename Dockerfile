# docker build -t trailergen .
# docker run --rm --user "$(id -u):$(id -g)" -v trailergen-weights:/weights -v trailergen-cache:/cache \
#     -v "$PWD:/out" -v /films:/films:ro trailergen make /films/movie.mp4 --music /films/track.wav
FROM python:3.11-slim

# For a small image, the address of a package index that serves CPU builds of torch; by default torch comes with CUDA.
ARG TORCH_INDEX=

RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/trailergen
COPY constraints.txt ./
RUN pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} $(grep -E '^torch(vision)?==' constraints.txt)
COPY pyproject.toml README.md LICENSE ./
COPY weights weights
COPY trailergen trailergen
RUN pip install --no-cache-dir -c constraints.txt '.[openclip]'

# Any user may run it: nothing is written but to the volumes and the folder that is mounted at /out.
RUN useradd --create-home trailergen \
    && mkdir -p /cache /weights /out \
    && chmod 1777 /cache /weights /out
ENV TRAILERGEN_CACHE=/cache TRAILERGEN_WEIGHTS=/weights
VOLUME ["/cache", "/weights"]
USER trailergen
WORKDIR /out
ENTRYPOINT ["trailergen"]
CMD ["--help"]
