"""The encoder of the accurate models as it runs: word pieces, and ONNX graphs in batches."""
