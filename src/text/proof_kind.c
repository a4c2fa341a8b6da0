/* text/proof_kind.c - what a rune is to the checks. */
#include "text/proof_check.h"

#define M KIND_MARK
#define D KIND_DIGIT
#define C KIND_CAPITAL
const uint8_t proof_kinds_ascii[0x80] = {
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, D, D, D, D, D, D, D, D, D, D, M, M, M, M, M, M,
    M, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, M, M, M, M, M,
    M, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, M, M, M, M, M,
};

#define HAN(rune, kind) [(rune)-0x4E00] = (kind)
const uint8_t proof_kinds_han[0x5200] = {
    HAN(0x4E00, KIND_NUMERAL), /* 一 */
    HAN(0x4E03, KIND_NUMERAL), /* 七 */
    HAN(0x4E07, KIND_NUMERAL), /* 万 */
    HAN(0x4E09, KIND_NUMERAL), /* 三 */
    HAN(0x4E0A, KIND_TIME),    /* 上 */
    HAN(0x4E0B, KIND_TIME),    /* 下 */
    HAN(0x4E2D, KIND_TIME),    /* 中 */
    HAN(0x4E3B, KIND_SAYS),    /* 主 */
    HAN(0x4E5D, KIND_NUMERAL), /* 九 */
    HAN(0x4E8C, KIND_NUMERAL), /* 二 */
    HAN(0x4E94, KIND_NUMERAL), /* 五 */
    HAN(0x4EBF, KIND_NUMERAL), /* 亿 */
    HAN(0x4ECB, KIND_SAYS),    /* 介 */
    HAN(0x508D, KIND_TIME),    /* 傍 */
    HAN(0x516B, KIND_NUMERAL), /* 八 */
    HAN(0x516D, KIND_NUMERAL), /* 六 */
    HAN(0x5199, KIND_SAYS),    /* 写 */
    HAN(0x51CC, KIND_TIME),    /* 凌 */
    HAN(0x5341, KIND_NUMERAL), /* 十 */
    HAN(0x5343, KIND_NUMERAL), /* 千 */
    HAN(0x539F, KIND_SAYS),    /* 原 */
    HAN(0x53E3, KIND_SAYS),    /* 口 */
    HAN(0x544A, KIND_SAYS),    /* 告 */
    HAN(0x558A, KIND_SAYS),    /* 喊 */
    HAN(0x5631, KIND_SAYS),    /* 嘱 */
    HAN(0x56DB, KIND_NUMERAL), /* 四 */
    HAN(0x56DE, KIND_SAYS),    /* 回 */
    HAN(0x5E74, KIND_TIME),    /* 年 */
    HAN(0x5F15, KIND_SAYS),    /* 引 */
    HAN(0x5F3A, KIND_SAYS),    /* 强 */
    HAN(0x5FF5, KIND_SAYS),    /* 念 */
    HAN(0x60AC, KIND_SAYS),    /* 悬 */
    HAN(0x6307, KIND_SAYS),    /* 指 */
    HAN(0x6309, KIND_SAYS),    /* 按 */
    HAN(0x636E, KIND_SAYS),    /* 据 */
    HAN(0x63D0, KIND_SAYS),    /* 提 */
    HAN(0x65E9, KIND_TIME),    /* 早 */
    HAN(0x665A, KIND_TIME),    /* 晚 */
    HAN(0x6807, KIND_SAYS),    /* 标 */
    HAN(0x6A2A, KIND_SAYS),    /* 横 */
    HAN(0x6E05, KIND_TIME),    /* 清 */
    HAN(0x7559, KIND_SAYS),    /* 留 */
    HAN(0x767E, KIND_NUMERAL), /* 百 */
    HAN(0x79F0, KIND_SAYS),    /* 称 */
    HAN(0x7B54, KIND_SAYS),    /* 答 */
    HAN(0x8868, KIND_SAYS),    /* 表 */
    HAN(0x89C4, KIND_SAYS),    /* 规 */
    HAN(0x89E3, KIND_SAYS),    /* 解 */
    HAN(0x8BA4, KIND_SAYS),    /* 认 */
    HAN(0x8BB0, KIND_SAYS),    /* 记 */
    HAN(0x8BB2, KIND_SAYS),    /* 讲 */
    HAN(0x8BF4, KIND_SAYS),    /* 说 */
    HAN(0x8D34, KIND_SAYS),    /* 贴 */
    HAN(0x9053, KIND_SAYS),    /* 道 */
    HAN(0x95EE, KIND_SAYS),    /* 问 */
    HAN(0x96F6, KIND_NUMERAL), /* 零 */
};
