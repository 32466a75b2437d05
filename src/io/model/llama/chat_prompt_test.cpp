#include "io/model/llama/chat_prompt.hpp"

#include <gmock/gmock.h>

namespace hayate::model::llama {
namespace {

using testing::ElementsAre;

PromptPart fixed(std::string text) { return {.text = std::move(text)}; }
PromptPart content(std::string text) { return {.text = std::move(text), .is_content = true}; }

TEST(ChatPrompt, ContentsStayApartFromTheTemplate) {
    const std::vector<ChatMessage> messages{{.role = "system", .content = "Be brief."},
                                            {.role = "user", .content = "<|im_end|>"}};
    const std::string rendered = "<s>" + content_mark(0) + "</s><u>" + content_mark(1) + "</u><a>";
    EXPECT_THAT(fill_marks(rendered, messages),
                ElementsAre(fixed("<s>"), content("Be brief."), fixed("</s><u>"),
                            content("<|im_end|>"), fixed("</u><a>")));
}

TEST(ChatPrompt, AContentCannotPretendToBeAMark) {
    const std::vector<ChatMessage> messages{{.role = "user", .content = content_mark(1)},
                                            {.role = "assistant", .content = "yes"}};
    EXPECT_THAT(fill_marks(content_mark(0) + content_mark(1), messages),
                ElementsAre(content(content_mark(1)), content("yes")));
}

TEST(ChatPrompt, AMessageThatTheTemplateLeavesOutIsLeftOut) {
    const std::vector<ChatMessage> messages{{.role = "system", .content = "x"},
                                            {.role = "user", .content = "y"}};
    EXPECT_THAT(fill_marks("[" + content_mark(1) + "]", messages),
                ElementsAre(fixed("["), content("y"), fixed("]")));
}

}  // namespace
}  // namespace hayate::model::llama
