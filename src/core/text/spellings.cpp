#include "core/text/spellings.hpp"

#include <algorithm>
#include <array>

#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

/// One sound, written in two ways.
struct Respelling {
    std::u32string_view foreign;
    std::u32string_view plain;
};

// In the order of trying: what is longer comes first.
constexpr std::array<Respelling, 5> kConsonants{
    {{U"ヴァ", U"バ"}, {U"ヴィ", U"ビ"}, {U"ヴェ", U"ベ"}, {U"ヴォ", U"ボ"}, {U"ヴ", U"ブ"}}};
constexpr std::array<Respelling, 8> kVowels{{{U"トゥ", U"トウ"},
                                             {U"ドゥ", U"ドウ"},
                                             {U"ティ", U"テイ"},
                                             {U"ディ", U"デイ"},
                                             {U"ファ", U"フア"},
                                             {U"フィ", U"フイ"},
                                             {U"フェ", U"フエ"},
                                             {U"フォ", U"フオ"}}};

std::u32string decoded(std::string_view text) {
    std::u32string letters;
    for (size_t at = 0; at < text.size();) letters += next_code_point(text, at);
    return letters;
}

std::string encoded(std::u32string_view letters) {
    std::string text;
    for (const char32_t c : letters) append_utf8(text, c);
    return text;
}

using Side = std::u32string_view Respelling::*;

/// Puts what stands on the side `to` wherever the name has the other one.
template <size_t N>
std::u32string respelled(std::u32string_view name, const std::array<Respelling, N>& table,
                         Side from, Side to) {
    std::u32string out;
    while (!name.empty()) {
        const auto found = std::ranges::find_if(
            table, [&](const Respelling& way) { return name.starts_with(way.*from); });
        out += found == table.end() ? name.substr(0, 1) : (*found).*to;
        name.remove_prefix(found == table.end() ? 1 : ((*found).*from).size());
    }
    return out;
}

std::u32string plain(std::u32string_view name, const auto& table) {
    return respelled(name, table, &Respelling::foreign, &Respelling::plain);
}

std::u32string foreign(std::u32string_view name, const auto& table) {
    return respelled(name, table, &Respelling::plain, &Respelling::foreign);
}

bool is_katakana(char32_t c) { return c >= U'ァ' && c <= U'ヺ'; }

/// What is shorter is an ordinary word, too: "エヴァ" as "エバ" would stand in "例えば".
constexpr size_t kShortest = 5;

/// "パトレイバー" as "パトレイバ".
std::u32string without_last_bar(std::u32string_view name) {
    const bool has_bar = name.size() > kShortest && name.back() == U'ー';
    return std::u32string(has_bar ? name.substr(0, name.size() - 1) : name);
}

}  // namespace

std::vector<std::string> katakana_spellings(std::string_view name) {
    const std::u32string letters = decoded(name);
    const bool has_katakana = std::ranges::any_of(letters, is_katakana);
    if (letters.size() < kShortest || !has_katakana) return {};
    std::vector<std::u32string> all{letters};
    const auto add = [&](std::u32string spelling) {
        const bool is_new = std::ranges::find(all, spelling) == all.end();
        if (is_new && spelling.size() >= kShortest) all.push_back(std::move(spelling));
    };
    const auto each = [&](auto respell) {
        const std::vector<std::u32string> before = all;
        for (const std::u32string& spelling : before) add(respell(spelling));
    };
    add(plain(letters, kConsonants));
    add(foreign(plain(letters, kConsonants), kConsonants));
    each([](const auto& spelling) { return plain(spelling, kVowels); });
    each([](const auto& spelling) { return foreign(spelling, kVowels); });
    each(without_last_bar);
    std::vector<std::string> spellings;
    for (size_t i = 1; i < all.size(); ++i) spellings.push_back(encoded(all[i]));
    return spellings;
}

}  // namespace hayate::text
