/* Starts a program as the Task Scheduler does: from the text of <Command> and <Arguments> as it stands, without a shell,
 * without a console, and without handles of its own for input and output. Waits, and ends with its status.
 *
 *   as-task.exe FILE    UTF-8, three lines: the command, the arguments, the folder to run in (may be empty)
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum { LONGEST = 8192 };

static int read_line(FILE *file, wchar_t *line) {
    char bytes[LONGEST];
    if (!fgets(bytes, sizeof bytes, file)) return 0;
    bytes[strcspn(bytes, "\r\n")] = 0;
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, -1, line, LONGEST) > 0;
}

int wmain(int argc, wchar_t **argv) {
    static wchar_t command[LONGEST], arguments[LONGEST], folder[LONGEST], line[2 * LONGEST + 4];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD status;
    FILE *file = argc == 2 ? _wfopen(argv[1], L"rb") : NULL;

    if (!file || !read_line(file, command) || !read_line(file, arguments)) {
        fprintf(stderr, "as-task: no such file, or not a command and its arguments in UTF-8\n");
        return 1000;
    }
    if (!read_line(file, folder)) folder[0] = 0;
    fclose(file);

    swprintf(line, 2 * LONGEST + 4, L"\"%ls\" %ls", command, arguments);
    if (!CreateProcessW(command, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, folder[0] ? folder : NULL, &startup,
                        &process)) {
        fprintf(stderr, "as-task: error %lu for %ls\n", GetLastError(), line);
        return 1001;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int) status;
}
