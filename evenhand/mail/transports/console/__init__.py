"""The console twin: nothing leaves this machine."""
