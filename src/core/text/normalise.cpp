#include "core/text/normalise.hpp"

#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

const icu::Normalizer2& folder() {
    static const icu::Normalizer2& instance = [&]() -> const icu::Normalizer2& {
        UErrorCode status = U_ZERO_ERROR;
        const auto* found = icu::Normalizer2::getNFKCCasefoldInstance(status);
        // Only a broken installation of ICU has no data: start-up, not production.
        if (U_FAILURE(status)) throw std::runtime_error("ICU has no NFKC_Casefold data");
        return *found;
    }();
    return instance;
}

/// Without branches, for nobody knows where a word ends.
void normalise_ascii(std::string_view text, std::string& out) {
    out.resize(text.size());
    size_t size = 0;
    bool is_after_gap = true;
    for (const char c : text) {
        const bool is_gap = c <= 0x20 || c == 0x7F;
        const bool is_upper = c >= 'A' && c <= 'Z';
        out[size] = is_gap ? ' ' : static_cast<char>(c | (is_upper ? 0x20 : 0));
        size += is_gap && is_after_gap ? 0 : 1;
        is_after_gap = is_gap;
    }
    if (is_after_gap && size > 0) --size;
    out.resize(size);
}

void fold_case_and_width(std::string_view text, std::string& out) {
    out.clear();
    UErrorCode status = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&out);
    folder().normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())),
                           sink, nullptr, status);
    // Fails for texts beyond 2^31 bytes alone, which no caller lets in.
    if (U_FAILURE(status)) out = to_valid_utf8(text);
}

bool is_space(char32_t c) {
    if (c < 0x80) return c <= 0x20 || c == 0x7F;
    const auto code_point = static_cast<UChar32>(c);
    return u_isUWhiteSpace(code_point) || u_iscntrl(code_point);
}

}  // namespace

void normalise(std::string_view text, std::string& out) {
    if (is_ascii(text)) return normalise_ascii(text, out);
    thread_local std::string folded;
    fold_case_and_width(text, folded);
    out.clear();
    bool is_gap = false;
    for (size_t at = 0; at < folded.size();) {
        const size_t begin = at;
        const char32_t c = next_code_point(folded, at);
        if (is_space(c)) {
            is_gap = true;
            continue;
        }
        if (is_gap && !out.empty()) out.push_back(' ');
        is_gap = false;
        if (c == kReplacement) {
            append_utf8(out, c);  // malformed bytes
        } else {
            out.append(folded, begin, at - begin);
        }
    }
}

std::string normalise(std::string_view text) {
    std::string out;
    normalise(text, out);
    return out;
}

}  // namespace hayate::text
