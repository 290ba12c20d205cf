"""How fast is it, against TensorFlow and against one matrix product: `python -m conv_lib.bench`."""
