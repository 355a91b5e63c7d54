"""The user study of the paper: trailers of one film judged blind on what people see, and what the judges said."""
