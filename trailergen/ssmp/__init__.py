"""SSMP, self-paced and self-corrective masked prediction: the model, its training rules and its decoders.

``model``, ``masking`` and ``losses`` are equations 1 to 6 and 9 to 12 of the paper. ``spaces`` makes tokens for every
encoder, of geometry (``pca``) and per-shot ``channels``; ``positions`` are channels of the trailer's positions.
``constraints`` and ``energy`` say what a trailer must and should be, ``decoders`` fill it, ``generate`` joins a model
to a decoder, and ``planner`` is all that with a ``checkpoint``.
"""
