"""SSMP, self-paced and self-corrective masked prediction: the model, its training rules and its decoders.

``model``, ``masking`` and ``losses`` are equations 1 to 6 and 9 to 12 of the paper; ``constraints`` and
``board`` are what a trailer must respect while it is filled; ``paper``, ``greedy`` and ``scheduled`` fill it;
``generate`` joins a model to a decoder; ``checkpoint`` stores models.
"""
