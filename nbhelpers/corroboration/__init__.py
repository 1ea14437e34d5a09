"""Which claims agree, update or contradict each other, and how many sources stand behind them."""
