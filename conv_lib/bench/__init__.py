"""How fast is it, against TensorFlow and against one matrix product: `python -m conv_lib.bench`.

workloads   what is timed
worker      one backend, in a process of its own
rounds      the backends in turns, and what their times say
report      the table, the JSON file, the plot
"""
