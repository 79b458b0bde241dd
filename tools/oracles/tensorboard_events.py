"""
Reads event files of ours with the Python package `tensorboard`; and writes the bytes that event-record.test.ts expects.

    pip install tensorboard pillow
    python tools/oracles/tensorboard_events.py read FOLDER
    python tools/oracles/tensorboard_events.py encode
"""

import io
import sys

if sys.argv[1] == "read":
    from PIL import Image, ImageStat
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    events = EventAccumulator(sys.argv[2]).Reload()
    print("file version", events.file_version)
    for tag in events.Tags()["scalars"]:
        print(tag, [(event.step, event.value) for event in events.Scalars(tag)])
    for tag in events.Tags()["images"]:
        for event in events.Images(tag):
            image = Image.open(io.BytesIO(event.encoded_image_string))
            image.load()
            mean = ImageStat.Stat(image).mean
            print(tag, event.step, (event.height, event.width), image.format, image.mode, image.size, "mean", mean)
    for tag in events.Tags()["tensors"]:
        plugin = events.SummaryMetadata(tag).plugin_data.plugin_name
        print(tag, plugin, [(event.step, make_ndarray(event.tensor_proto).tolist()) for event in events.Tensors(tag)])
else:
    import struct

    from tensorboard.compat.proto import types_pb2
    from tensorboard.compat.proto.event_pb2 import Event, SessionLog
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    version = Event(wall_time=1700000000.25, file_version="brain.Event:2")
    scalars = Event(wall_time=1700000001.5, step=3_000_000_000)
    scalars.summary.value.add(tag="loss", simple_value=0.5)
    scalars.summary.value.add(tag="learning rate/größe", simple_value=1e-3)
    restart = Event(wall_time=1700000002.0, step=300, session_log=SessionLog(status=SessionLog.START))
    picture = Event(wall_time=1700000003.0, step=7)
    picture.summary.value.add(tag="picture").image.MergeFrom(
        Summary.Image(height=300, width=2, colorspace=3, encoded_image_string=bytes.fromhex("89504e470d0a1a0a"))
    )
    histogram = Event(wall_time=1700000004.0, step=9)
    value = histogram.summary.value.add(tag="weights")
    value.tensor.dtype = types_pb2.DT_FLOAT
    for size in (2, 3):
        value.tensor.tensor_shape.dim.add(size=size)
    value.tensor.tensor_content = struct.pack("<6f", 0, 2, 5, 2, 4, 3)
    value.metadata.plugin_data.plugin_name = "histograms"
    value.metadata.summary_description = "of **all**"
    for event in [version, scalars, restart, picture, histogram]:
        written = io.BytesIO()
        RecordWriter(written).write(event.SerializeToString())
        print(written.getvalue().hex())
