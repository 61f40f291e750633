"""A file system that forgets what was not synced: `lossyfs.py BACKING MOUNT [--lie]`.

What BACKING holds is the disk. Writes live in the memory of this process, block by block, until `fsync` or `fdatasync`
of that file; names (create, rename, unlink, mkdir) live there until any sync, as on ext4, whose journal commits them
together. `kill -9` of this process is the power loss: what is left in BACKING is what a machine would find again.
`--lie` answers syncs without doing them, as a bad disk does; a store cannot survive it, and a harness must see that.

Shared mappings work (SQLite's `-shm` needs them): nothing is opened with direct I/O, so the kernel keeps the pages.
"""

import errno
import itertools
import os
import stat
import sys

from fuse import FUSE, FuseOSError, Operations

BLOCK = 4096


class Node:
    """A file: what the disk holds of it (`descriptor`), and the blocks and size that memory holds on top."""

    def __init__(self, descriptor, size, mode):
        self.descriptor, self.size, self.durable_size, self.mode = descriptor, size, size, mode
        self.blocks = {}

    def block(self, number):
        """The bytes of one block as a reader sees them."""
        got = self.blocks.get(number)
        if got is not None:
            return got
        start = number * BLOCK
        data = b""
        if self.descriptor is not None and start < self.durable_size:
            data = os.pread(self.descriptor, min(BLOCK, self.durable_size - start), start)
        return data.ljust(BLOCK, b"\0")

    def read(self, size, offset):
        size = max(0, min(size, self.size - offset))
        first, last = offset // BLOCK, (offset + size + BLOCK - 1) // BLOCK
        data = b"".join(bytes(self.block(number)) for number in range(first, last))
        return data[offset - first * BLOCK:][:size]

    def write(self, data, offset):
        at = 0
        while at < len(data):
            number, inside = divmod(offset + at, BLOCK)
            take = min(BLOCK - inside, len(data) - at)
            if take == BLOCK:
                self.blocks[number] = data[at:at + BLOCK]
            else:
                block = bytearray(self.block(number))
                block[inside:inside + take] = data[at:at + take]
                self.blocks[number] = bytes(block)
            at += take
        self.size = max(self.size, offset + len(data))

    def truncate(self, size):
        if size < self.size:
            edge, inside = divmod(size, BLOCK)
            for number in [number for number in self.blocks if number > edge]:
                del self.blocks[number]
            # Blocks of the disk beyond the new end must read as zero when the file grows again.
            self.blocks[edge] = self.block(edge)[:inside].ljust(BLOCK, b"\0")
            self.durable_size = min(self.durable_size, size)
        self.size = size

    def sync(self):
        if self.descriptor is None:
            return
        os.ftruncate(self.descriptor, min(os.fstat(self.descriptor).st_size, self.durable_size))
        for number, data in sorted(self.blocks.items()):
            if number * BLOCK < self.size:
                os.pwrite(self.descriptor, data[:self.size - number * BLOCK], number * BLOCK)
        os.ftruncate(self.descriptor, self.size)
        self.blocks.clear()
        self.durable_size = self.size


class Lossy(Operations):
    def __init__(self, backing, lie):
        self.backing, self.lie = backing, lie
        self.files, self.folders, self.names = {}, {"/"}, []
        self.handles, self.next_handle = {}, itertools.count(1)
        for folder, _, files in os.walk(backing):
            inside = folder[len(backing):]
            self.folders.add(inside or "/")
            for name in files:
                path = os.path.join(folder, name)
                found = os.stat(path)
                self.files[inside + "/" + name] = Node(os.open(path, os.O_RDWR), found.st_size, found.st_mode)

    def real(self, path):
        return self.backing + path

    def node(self, path, handle=None):
        found = self.handles.get(handle) or self.files.get(path)
        if found is None:
            raise FuseOSError(errno.ENOENT)
        return found

    def _commit_names(self):
        for step in self.names:
            step()
        self.names.clear()

    # -- names

    def getattr(self, path, fh=None):
        if path in self.folders:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, "st_uid": os.getuid(), "st_gid": os.getgid()}
        node = self.node(path, fh)
        return {"st_mode": node.mode, "st_nlink": 1, "st_size": node.size, "st_blocks": -(-node.size // 512), "st_uid": os.getuid(), "st_gid": os.getgid()}

    def readdir(self, path, fh):
        inside = path.rstrip("/") + "/"
        names = [name[len(inside):] for name in itertools.chain(self.files, self.folders) if name.startswith(inside) and name != inside]
        return [".", ".."] + [name for name in names if name and "/" not in name]

    def create(self, path, mode, fi=None):
        node = self.files[path] = Node(None, 0, stat.S_IFREG | mode & 0o777)

        def on_disk():
            node.descriptor = os.open(self.real(path), os.O_RDWR | os.O_CREAT, 0o600)

        self.names.append(on_disk)
        return self._handle(node)

    def unlink(self, path):
        self.node(path)
        del self.files[path]
        self.names.append(lambda: os.unlink(self.real(path)))

    def rename(self, old, new):
        if old in self.folders:
            moved = [name for name in (*self.folders, *self.files) if name == old or name.startswith(old + "/")]
            for name in moved:
                target = new + name[len(old):]
                if name in self.folders:
                    self.folders.remove(name)
                    self.folders.add(target)
                else:
                    self.files[target] = self.files.pop(name)
        else:
            self.node(old)
            self.files[new] = self.files.pop(old)
        self.names.append(lambda: os.rename(self.real(old), self.real(new)))

    def mkdir(self, path, mode):
        self.folders.add(path)
        self.names.append(lambda: os.mkdir(self.real(path), 0o700))

    def rmdir(self, path):
        if len(self.readdir(path, None)) > 2:
            raise FuseOSError(errno.ENOTEMPTY)
        self.folders.discard(path)
        self.names.append(lambda: os.rmdir(self.real(path)))

    def chmod(self, path, mode):
        if path in self.files:
            self.files[path].mode = stat.S_IFREG | mode & 0o777

    def chown(self, path, uid, gid):
        pass

    def utimens(self, path, times=None):
        pass

    def statfs(self, path):
        found = os.statvfs(self.backing)
        return {name: getattr(found, name) for name in ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_frsize", "f_namemax")}

    # -- data

    def _handle(self, node):
        handle = next(self.next_handle)
        self.handles[handle] = node
        return handle

    def open(self, path, flags):
        return self._handle(self.node(path))

    def release(self, path, fh):
        self.handles.pop(fh, None)

    def read(self, path, size, offset, fh):
        return self.node(path, fh).read(size, offset)

    def write(self, path, data, offset, fh):
        self.node(path, fh).write(data, offset)
        return len(data)

    def truncate(self, path, length, fh=None):
        self.node(path, fh).truncate(length)

    def flush(self, path, fh):
        pass

    def fsync(self, path, datasync, fh):
        if not self.lie:
            self._commit_names()
            self.node(path, fh).sync()

    def fsyncdir(self, path, datasync, fh):
        if not self.lie:
            self._commit_names()


if __name__ == "__main__":
    FUSE(Lossy(os.path.abspath(sys.argv[1]), "--lie" in sys.argv), sys.argv[2], foreground=True, nothreads=True, big_writes=True, max_write=131072)
