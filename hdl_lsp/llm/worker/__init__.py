"""The child process that runs llama.cpp. Must not be imported by the server, only started."""
