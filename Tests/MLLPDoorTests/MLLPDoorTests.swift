import Testing

/// Everything that needs a database and a socket, one after the other: the tests wait for sockets on the threads that run them.
@Suite(.serialized) struct MLLPDoorTests {}
