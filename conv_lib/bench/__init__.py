"""How fast is it, against TensorFlow and against one matrix product: `python -m conv_lib.bench`.

workloads   what is timed
worker      one backend, in a process of its own
rounds      the backends in turns, and what their times say
report      the table, the JSON file, the plot
stored      results that are kept and shown, with their machine and date
strategies  the steps on the way to the fast form, to compare
fair        a clock for a few calls in one process
"""
