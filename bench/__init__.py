"""Speed and memory, measured side by side in one run, as ratios. Nothing here fails a build."""
