import type { DefaultTheme } from "vitepress"

/** The texts of the theme and of the search in Spanish. */
export const spanishTheme = {
  texts: {
    outline: { level: [2, 3], label: "En esta página" },
    docFooter: { prev: "Anterior", next: "Siguiente" },
    darkModeSwitchLabel: "Apariencia",
    lightModeSwitchTitle: "Usar el modo claro",
    darkModeSwitchTitle: "Usar el modo oscuro",
    sidebarMenuLabel: "Menú",
    returnToTopLabel: "Volver arriba",
    langMenuLabel: "Cambiar de idioma",
    skipToContentLabel: "Ir al contenido",
    notFound: {
      title: "Esta página no existe",
      quote: "La dirección cambió o está mal escrita.",
      linkText: "Ir al inicio",
      linkLabel: "Ir al inicio"
    }
  } satisfies DefaultTheme.Config,
  search: {
    button: { buttonText: "Buscar", buttonAriaLabel: "Buscar" },
    modal: {
      displayDetails: "Mostrar la lista detallada",
      resetButtonTitle: "Borrar la búsqueda",
      backButtonTitle: "Cerrar la búsqueda",
      noResultsText: "No hay resultados para",
      footer: {
        selectText: "para elegir",
        selectKeyAriaLabel: "Entrar",
        navigateText: "para moverse",
        navigateUpKeyAriaLabel: "Flecha arriba",
        navigateDownKeyAriaLabel: "Flecha abajo",
        closeText: "para cerrar",
        closeKeyAriaLabel: "Escape"
      }
    }
  } satisfies DefaultTheme.LocalSearchOptions["translations"]
}
