# docker build -t trailergen .
# docker run --rm --init --user "$(id -u):$(id -g)" -v trailergen-weights:/weights -v trailergen-cache:/cache \
#     -v "$PWD:/out" -v /films:/films:ro trailergen make /films/movie.mp4 --music /films/track.wav
# docs/docker.md says more; docker/prove builds this file and tries what it made.
FROM python:3.11-slim

# For a small image, the address of a package index that serves CPU builds of torch; by default torch comes with CUDA.
ARG TORCH_INDEX=
# Which of pyproject.toml's extras are installed, by commas; none leaves the builtin, efficientnet and ImageBind encoders.
ARG EXTRAS=openclip

WORKDIR /opt/trailergen
# torch first: the largest layer stays as long as its version does. torchvision must come from the same index.
COPY constraints.txt ./
RUN pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        $(grep -E "^torch${EXTRAS:+(vision)?}==" constraints.txt)
COPY pyproject.toml README.md LICENSE ./
COPY weights weights
COPY trailergen trailergen
# No ffmpeg of the distribution: the one that imageio-ffmpeg brings is a fifth of its size and the one pip users have.
RUN pip install --no-cache-dir -c constraints.txt ".${EXTRAS:+[$EXTRAS]}" \
    && mkdir -p /cache /weights /out \
    && chmod 1777 /cache /weights /out

# Any user may run it, one without an account too: nothing is written but to the volumes, /out and /tmp.
ENV HOME=/tmp TRAILERGEN_CACHE=/cache TRAILERGEN_WEIGHTS=/weights
VOLUME ["/cache", "/weights"]
USER 1000:1000
WORKDIR /out
LABEL org.opencontainers.image.title="trailergen" org.opencontainers.image.licenses="MIT"
ENTRYPOINT ["trailergen"]
CMD ["--help"]
