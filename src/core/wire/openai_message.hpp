#pragma once
// Deltas of an OpenAI stream put together again: for clients that did not ask for a stream, since
// upstream everything is streamed. Pure; an object belongs to one thread.

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "core/base/result.hpp"

namespace hayate::wire {

class MessageAssembler {
  public:
    void add_text(std::string_view text) { text_.append(text); }
    /// A delta object without role and content, as in OpenAiChunk::other. Strings of the same
    /// member are joined, tool calls are merged by their index. kUpstream when it is not an object.
    Status add_other(std::string_view delta);
    [[nodiscard]] const std::string& text() const { return text_; }
    /// {"role":"assistant","content":...}: content is null when there are only other members.
    [[nodiscard]] std::string json() const;

  private:
    std::string text_;
    boost::json::object other_;
};

/// A whole message's `tool_calls` as a delta's: each gets the `index` that clients of streams merge
/// by.
[[nodiscard]] std::string with_tool_call_indexes(std::string_view message);

}  // namespace hayate::wire
