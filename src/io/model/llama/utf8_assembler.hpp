#pragma once
// Utf8Assembler: bytes in, whole code points out. A token may end in the middle of a character; its
// first bytes wait here for the rest, so that everything that goes out is valid UTF-8.

#include <string>
#include <string_view>

namespace hayate::model::llama {

class Utf8Assembler {
  public:
    /// Appends to `out` what is complete. Bytes that cannot begin or continue a character become
    /// U+FFFD, one per maximal subpart (Unicode 15, section 3.9).
    void push(std::string_view bytes, std::string& out);
    /// Bytes that wait for the rest of their character, at most 3. An answer that ends here drops
    /// them.
    [[nodiscard]] size_t held() const { return held_.size(); }

  private:
    std::string held_;
};

}  // namespace hayate::model::llama
