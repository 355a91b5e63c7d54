"""Reading and writing media: the only room that knows containers, codecs and ffmpeg."""
