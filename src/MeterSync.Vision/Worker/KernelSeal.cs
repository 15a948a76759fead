using System.Runtime.InteropServices;

namespace MeterSync.Vision.Worker;

/// <summary>
/// Takes from this process, for good, what decoding does not need: opening files, the network, running other programs. Who takes the decoder over by a crafted picture
/// finds nothing to read and nobody to tell. A filter of system calls (seccomp) that answers these with EPERM.
/// </summary>
internal static partial class KernelSeal
{
    private const int NoNewPrivileges = 38, SetFilter = 1;
    private const uint AllThreads = 1;
    private const ushort LoadWord = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, Return = 0x06;
    private const uint NumberOffset = 0, ArchitectureOffset = 4;
    private const uint Allow = 0x7fff0000, Kill = 0x80000000, RefuseWithEperm = 0x00050001, OtherNumbers = 0x40000000;

    /// <summary>open, socket, connect, accept, sendto, sendmsg, bind, listen, socketpair, fork, vfork, execve, kill, rename, mkdir, rmdir, creat, link, unlink, symlink, chmod,
    /// chown, ptrace, mount, tkill, openat, mkdirat, unlinkat, renameat, linkat, symlinkat, fchmodat, unshare, accept4, renameat2, execveat, process_vm_readv, process_vm_writev,
    /// setns, bpf, userfaultfd, pidfd_send_signal, io_uring_setup, pidfd_open, openat2, pidfd_getfd.</summary>
    private static readonly uint[] s_intel = [2, 41, 42, 43, 44, 46, 49, 50, 53, 57, 58, 59, 62, 82, 83, 84, 85, 86, 87, 88, 90, 92, 101, 165, 200, 257, 258, 263, 264, 265, 266, 268, 272, 288, 316, 322, 310, 311, 308, 321, 323, 424, 425, 434, 437, 438];

    /// <summary>The same, where the architecture has them.</summary>
    private static readonly uint[] s_arm = [198, 203, 202, 206, 211, 200, 201, 199, 221, 129, 34, 35, 36, 37, 38, 53, 54, 117, 40, 130, 56, 97, 242, 276, 281, 270, 271, 268, 280, 282, 424, 425, 434, 437, 438];

    /// <returns>Whether the kernel took the filter; an old one, or one that was built without it, does not.</returns>
    public static unsafe bool Close()
    {
        var isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        if (!isArm && RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return false;
        }
        var program = Program(isArm ? s_arm : s_intel, isArm ? 0xC00000B7 : 0xC000003E);
        if (Control(NoNewPrivileges, 1, 0, 0, 0) != 0)
        {
            return false;
        }
        fixed (Instruction* first = program)
        {
            var filter = new Filter { Length = (ushort)program.Length, First = first };
            return SystemCall(isArm ? 277 : 317, SetFilter, AllThreads, &filter) == 0;
        }
    }

    private static Instruction[] Program(uint[] refused, uint architecture)
    {
        var program = new List<Instruction>
        {
            new(LoadWord, 0, 0, ArchitectureOffset),
            new(JumpIfEqual, 1, 0, architecture),
            new(Return, 0, 0, Kill),
            new(LoadWord, 0, 0, NumberOffset),
            // Intel's 32-bit way to the same calls, under other numbers.
            new(JumpIfAtLeast, 0, 1, OtherNumbers),
            new(Return, 0, 0, RefuseWithEperm),
        };
        for (var index = 0; index < refused.Length; index++)
        {
            // To the last instruction, past the rest of the list and the one that allows.
            program.Add(new Instruction(JumpIfEqual, (byte)(refused.Length - index), 0, refused[index]));
        }
        program.Add(new Instruction(Return, 0, 0, Allow));
        program.Add(new Instruction(Return, 0, 0, RefuseWithEperm));
        return [.. program];
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial nint SystemCall(nint number, uint operation, uint flags, Filter* filter);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Filter
    {
        public ushort Length;
        public Instruction* First;
    }
}
