/* wc: counts the lines, words and bytes of its input. */
#include "user.h"

int main(int argc, char **argv) {
    static char buffer[1024];
    u32 lines = 0, words = 0, bytes = 0;
    bool in_word = false;
    s32 length, i;

    (void)argc, (void)argv;
    while ((length = read(0, buffer, sizeof buffer)) > 0) {
        for (i = 0; i < length; i++) {
            bool space = buffer[i] == ' ' || buffer[i] == '\n' || buffer[i] == '\t';

            words += in_word && space;
            in_word = !space;
            lines += buffer[i] == '\n';
        }
        bytes += (u32)length;
    }
    printf("%u lines, %u words, %u bytes\n", lines, words + in_word, bytes);
    return length < 0;
}
