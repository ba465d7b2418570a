"""What every package stands on: command line, files, child processes, sockets, memory."""
